"""The settings of one room as this process knows them, and what each reader is told when they change."""

from collections.abc import Iterator, Mapping

from chat.domain.participants import Participant
from chat.domain.room_state import RoomConfig
from chat.frames.held import HeldWaiting
from chat.frames.moderation import RoomSettingsChanged, RoomSettingsFrame, TimedOut
from chat.frames.registry import RoomFrame
from chat.frames.room import ChatMessage, Pinned
from streaming.enums import ClassRole

_MODERATORS = frozenset(str(role) for role in ClassRole if role.moderates)
_OPEN = RoomSettingsFrame(
    slow_seconds=0,
    established_days=0,
    links=True,
    emoji_only=False,
    frozen=False,
    delay_seconds=0,
)


class RoomSettingsCache:
    """A copy of the room's row; the row itself is asked when a message is stored."""

    def __init__(self) -> None:
        self._known: RoomConfig | None = None

    @property
    def timeouts(self) -> Mapping[int, int]:
        return self._known.timeouts if self._known else {}

    @property
    def settings(self) -> RoomSettingsFrame:
        return self._known.settings if self._known else _OPEN

    @property
    def pinned(self) -> ChatMessage | None:
        return self._known.pinned if self._known else None

    @property
    def next_due(self) -> int | None:
        return self._known.waiting.next_due if self._known else None

    def welcome(self, participant: Participant) -> Iterator[RoomFrame]:
        """What a joining moderator is told besides the welcome."""
        if self._known and self._known.waiting.count and participant.role in _MODERATORS:
            yield _held_waiting(self._known)

    def learn(self, now: RoomConfig) -> "SettingsChange | None":
        """Takes the new settings. None when nobody needs to be told: the first ones stand in every welcome."""
        before, self._known = self._known, now
        return None if before is None or before == now else SettingsChange(before, now)


class SettingsChange:
    def __init__(self, before: RoomConfig, now: RoomConfig) -> None:
        self._before = before
        self._now = now
        self.for_all: list[RoomFrame] = []
        if before.settings != now.settings:
            self.for_all.append(RoomSettingsChanged(settings=now.settings))
        if before.pinned != now.pinned:
            self.for_all.append(Pinned(message=now.pinned))

    def for_person(self, participant: Participant) -> Iterator[RoomFrame]:
        """A person's own time-out, which nobody else is told; for moderators also what waits for them."""
        before = self._before.timeouts.get(participant.user_id)
        until = self._now.timeouts.get(participant.user_id)
        if before != until:
            yield TimedOut(until=until)
        if self._before.waiting != self._now.waiting and participant.role in _MODERATORS:
            yield _held_waiting(self._now)


def _held_waiting(now: RoomConfig) -> HeldWaiting:
    return HeldWaiting(count=now.waiting.count, newest=now.waiting.newest)

"""The welcome: the room as it stands, encoded once for all who come in the same moment, and what is personal."""

from chat.frames.registry import Presence, WelcomeToAll, WelcomeToYou, encode, spliced
from chat.interactions.state import InteractionsState
from chat.realtime.connection import Connection, Participant
from chat.realtime.handlers import Snapshot
from chat.realtime.outgoing import Outgoing
from chat.realtime.room_settings_cache import RoomSettingsCache
from fitfriends.core import clock

_NOBODY = Presence(type="presence", viewer_count=0, people=[])


class WelcomeFrames:
    """Fifty messages of history take longer to encode than all else that a connection costs."""

    def __init__(self, room_id: str) -> None:
        self._room_id = room_id
        self._made_of: tuple[object, ...] = ()
        self._to_all = ""

    def give(
        self,
        member: Connection,
        snapshot: Snapshot,
        presence: Presence | None,
        desk: RoomSettingsCache,
        floor: InteractionsState,
    ) -> None:
        """The welcome, and what only those who keep order are told besides."""
        member.offer(self.make(member.visitor, snapshot, presence, desk, floor))
        for news in desk.greeting(member.visitor):
            member.say(news)

    def make(
        self,
        visitor: Participant,
        snapshot: Snapshot,
        presence: Presence | None,
        desk: RoomSettingsCache,
        floor: InteractionsState,
    ) -> Outgoing:
        made_of = (snapshot, presence, desk.settings, desk.pinned, floor.for_all)
        if not self._made_of or any(a is not b for a, b in zip(self._made_of, made_of, strict=True)):
            self._made_of = made_of
            self._to_all = encode(self._for_all(snapshot, presence or _NOBODY, desk, floor))
        return Outgoing(spliced(encode(_for_one(visitor, snapshot, desk, floor)), self._to_all))

    def _for_all(
        self, snapshot: Snapshot, presence: Presence, desk: RoomSettingsCache, floor: InteractionsState
    ) -> WelcomeToAll:
        return {
            "room_id": self._room_id,
            "viewer_count": presence["viewer_count"],
            "people": presence["people"],
            "history": snapshot.history,
            "settings": desk.settings,
            "pinned": desk.pinned,
            "floor": floor.for_all,
            "seq": snapshot.seq,
        }


def _for_one(
    visitor: Participant, snapshot: Snapshot, desk: RoomSettingsCache, floor: InteractionsState
) -> WelcomeToYou:
    return {
        "type": "welcome",
        "you": visitor.person,
        "stream": snapshot.state.staff if visitor.runs else snapshot.state.member,
        "timed_out_until": desk.timeouts.get(visitor.user_id),
        "hand_up": floor.hand_of(visitor),
        "people_with_hands": floor.hands_for(visitor),
        "server_time": clock.to_ms(clock.now()),
    }

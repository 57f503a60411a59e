"""The settings of one room, and whether they allow a message. Pure: rows come from domain/rooms.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.errors import EmojiOnly, Frozen, Newcomer, NoLinks, TimedOut
from chat.filter import emoji, links
from chat.frames.moderation import RoomSettingsFrame
from chat.models import Room
from fitfriends.core import clock
from fitfriends.core.frames import plain
from streaming.enums import ClassRole


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """As they stand in the room's row. `timeouts`: by user id, milliseconds since 1970."""

    slow_seconds: int
    established_days: int
    links: bool
    emoji_only: bool
    frozen: bool
    delay_seconds: int
    timeouts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Speaker:
    user_id: int
    role: ClassRole
    joined_at: datetime | None = None  # None: not a member, for instance an operator
    knows_rules: bool = True  # the club's house rules; moderators are not asked


def read_timeouts(stored: Mapping[str, int]) -> dict[int, int]:
    return {int(user_id): until for user_id, until in stored.items()}


def settings_from(room: Room) -> RoomSettings:
    """As the row was read; what is stored is judged again under its lock."""
    return RoomSettings(**plain(settings_of(room)), timeouts=read_timeouts(room.timeouts))


def settings_of(room: Room) -> RoomSettingsFrame:
    return RoomSettingsFrame(
        slow_seconds=room.slow_seconds,
        established_days=room.established_days,
        links=room.links,
        emoji_only=room.emoji_only,
        frozen=room.frozen,
        delay_seconds=room.delay_seconds,
    )


def require_no_timeout(timeouts: Mapping[int, int], user_id: int, *, at: datetime) -> None:
    """Raises TimedOut."""
    now = clock.to_ms(at)
    until = timeouts.get(user_id, 0)
    if until > now:
        raise TimedOut(until, now=now)


def require(settings: RoomSettings, speaker: Speaker, text: str, *, at: datetime) -> None:
    """Raises the first rule that forbids this message; slow mode is not among them (it asks what was said before).

    Moderators are bound by a time-out alone.
    """
    require_no_timeout(settings.timeouts, speaker.user_id, at=at)
    if speaker.role.moderates:
        return
    if settings.frozen:
        raise Frozen
    if settings.established_days and not _is_established(settings, speaker, at):
        raise Newcomer
    if not settings.links and links.find(text, strict=True):
        raise NoLinks
    if settings.emoji_only and not emoji.is_all(text):
        raise EmojiOnly


def _is_established(settings: RoomSettings, speaker: Speaker, at: datetime) -> bool:
    return speaker.joined_at is not None and speaker.joined_at <= at - timedelta(days=settings.established_days)

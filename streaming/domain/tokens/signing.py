"""The two signed tokens: for the picture (playback) and for the sockets of a room (talk, signalling).

Their text is safe in a URL's path: letters, digits, `_`, `-` and `.`. Nothing in them is secret; they are signed.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from django.core.signing import BadSignature, Signer

from fitfriends.core import errors
from streaming.enums import ClassRole, Role

_PLAYBACK = "streaming.playback.2"  # 1 named the viewing by its row's id
_ROOM = "streaming.room.2"  # the first had no moment of issue
_GRAMMAR = re.compile(r"[A-Za-z0-9_.-]{20,2000}\Z")


class Refused(errors.NotAllowed):
    """Base of what may be wrong with a token."""

    code = "token:refused"
    message = "This link does not count any more. Join the class again."


class Forged(Refused):
    code = "token:forged"


class Expired(Refused):
    code = "token:expired"


class ForeignRoom(Refused):
    code = "token:room"


@dataclass(frozen=True, slots=True)
class PlaybackToken:
    room_id: str
    user_id: int
    stream_id: int  # with the person, the viewing. 0: somebody who runs the class; no slot, no viewing
    issued: int  # microseconds by redis_clock.now(), from before the rights were checked
    expires: int  # seconds since the epoch
    site: bool = False  # our own page, which is counted by its socket
    runs: bool = False  # runs the class: takes no slot, is not counted
    device_slot: str = ""  # watching/device_slots.py


@dataclass(frozen=True, slots=True)
class RoomToken:
    room_id: str
    user_id: int
    name: str
    role: Role
    class_role: ClassRole
    issued: int  # as of a playback token
    expires: int

    @property
    def runs(self) -> bool:
        return self.class_role.runs


@cache
def _signer(purpose: str) -> Signer:
    return Signer(sep=".", salt=purpose)


def write_playback(token: PlaybackToken) -> str:
    flags = int(token.site) + 2 * int(token.runs)
    return _signer(_PLAYBACK).sign_object(
        [token.room_id, token.user_id, token.stream_id, token.issued, token.expires, flags, token.device_slot]
    )


def read_playback(text: str, *, room_id: str, at: datetime) -> PlaybackToken:
    """Raises Forged, Expired or ForeignRoom. Says nothing about revocation: that is the verdict's."""
    token = _playback(text)
    _check(token.room_id, token.expires, room_id=room_id, at=at)
    return token


# A player shows the same token every few seconds for hours; its signature needs to be looked at once. What is refused
# is not kept.
@lru_cache(maxsize=20_000)
def _playback(text: str) -> PlaybackToken:
    match _read(text, _PLAYBACK):
        case [str(room), int(user_id), int(stream_id), int(issued), int(expires), int(flags), str(device_slot)]:
            site, runs = bool(flags & 1), bool(flags & 2)
            return PlaybackToken(room, user_id, stream_id, issued, expires, site, runs, device_slot)
        case _:
            raise Forged


def write_room(token: RoomToken) -> str:
    return _signer(_ROOM).sign_object(
        [token.room_id, token.user_id, token.name, token.role, token.class_role, token.issued, token.expires]
    )


def read_room(text: str, *, room_id: str, at: datetime) -> RoomToken:
    """Raises Forged, Expired or ForeignRoom. Whether its holder still may is for access to say."""
    match _read(text, _ROOM):
        case [str(room), int(user_id), str(name), str(role), str(class_role), int(issued), int(expires)] if (
            role in Role.values and class_role in ClassRole.values
        ):
            token = RoomToken(room, user_id, name, Role(role), ClassRole(class_role), issued, expires)
        case _:
            raise Forged
    _check(token.room_id, token.expires, room_id=room_id, at=at)
    return token


def _read(text: str, purpose: str) -> object:
    if not _GRAMMAR.match(text):
        raise Forged
    try:
        content: object = _signer(purpose).unsign_object(text)
    except (BadSignature, ValueError) as error:
        raise Forged from error
    return content


def _check(found_room: str, expires: int, *, room_id: str, at: datetime) -> None:
    if found_room != room_id:
        raise ForeignRoom
    if at.timestamp() >= expires:
        raise Expired

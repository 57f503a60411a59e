"""Says in the log why a viewer was refused: by which door, in which room, who, and the refusal's stable code.

Who may do what is decided in access.py and by what joins (watching/playback.py); here is only told what came of it.
No token and no address stands in a line. A player that asks again and again is one line a minute, and all doors of a
process together are a few lines a second; how many were left out is said with the next one.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from fitfriends.core.bucket import Bucket, Buckets
from fitfriends.core.errors import DomainError
from fitfriends.core.ids import is_room_id

log = logging.getLogger(__name__)

_LINES_AT_ONCE, _LINES_A_SECOND = 100, 5
_REMEMBERED = 10_000  # viewers with their reasons


class _Log:
    def __init__(self) -> None:
        self.all = Bucket(_LINES_AT_ONCE, _LINES_A_SECOND)
        self.each = Buckets(1, 1 / 60, most=_REMEMBERED)
        self.left_out = 0


_log = _Log()


def note(door: str, code: str, *, room: str, user_id: int | None = None) -> None:
    """`room`: its id, or `stream:<id>` where nobody was told of a room. `user_id`: None where nobody can tell."""
    shown = room if is_room_id(room) or room.startswith("stream:") else "?"
    if not _log.each.take(f"{door} {shown} {user_id} {code}"):
        return
    if not _log.all.take():
        _log.left_out += 1
        return
    more, _log.left_out = _log.left_out, 0
    log.info(
        "refused: door=%s room=%s user=%s code=%s%s",
        *(door, shown, user_id or "-", code),
        f" (and {more} more)" if more else "",
    )


@contextmanager
def noted(door: str, *, room: str, user_id: int) -> Iterator[None]:
    """Notes the refusal that comes out of the block, and lets it go on."""
    try:
        yield
    except DomainError as error:
        note(door, error.code, room=room, user_id=user_id)
        raise

"""Room tokens: the way into a room's sockets, in its lobby too."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from accounts.domain.access import require
from accounts.models import User
from fitfriends.core import clock
from streaming import errors
from streaming.domain.queries import VisibleStream
from streaming.domain.tokens import signing
from streaming.domain.tokens.signing import RoomToken
from streaming.enums import Role


@dataclass(frozen=True, slots=True)
class RoomPass:
    token: str
    role: Role
    expires_at: datetime


def issue(user: User, visible: VisibleStream, *, stamp: int, role: Role = Role.VIEWER) -> RoomPass:
    """A short-lived token; `stamp` is redis_clock.now() from before `visible` was looked up. Ended: Conflict.

    As publisher only for the class's instructor.
    """
    if not visible.stream.is_open:
        raise errors.Ended
    if role == Role.PUBLISHER:
        require(
            visible.class_role.broadcasts,
            code="stream:role",
            message="Only the instructor of this class may broadcast in it.",
        )
    expires_at = clock.now() + timedelta(minutes=settings.ROOM_TOKEN_MINUTES)
    token = RoomToken(
        room_id=visible.stream.room_id,
        user_id=user.pk,
        name=str(user),
        role=role,
        class_role=visible.class_role,
        issued=stamp,
        expires=int(expires_at.timestamp()),
    )
    return RoomPass(signing.write_room(token), role, expires_at)

"""Who asks at WHIP and WHEP: the bearer of a room token, or of an API token of their own."""

from datetime import timedelta

from accounts.domain import tokens as api_tokens
from accounts.enums import Scope
from accounts.errors import MissingScope
from fitfriends.core import clock
from streaming.domain import queries
from streaming.domain.tokens import redis_clock
from streaming.domain.tokens.signing import RoomToken
from streaming.enums import Role
from streaming.webrtc import handshake
from streaming.webrtc.http.exchange import Problem
from streaming.webrtc.threads import in_thread

_PREFIX = "ffc_"
_UNKNOWN = "This token is unknown, revoked or expired, or of another class."


def unknown() -> Problem:
    return Problem(401, "auth:token", _UNKNOWN, (("WWW-Authenticate", 'Bearer realm="webrtc"'),))


async def identify(text: str, room_id: str, *, scope: Scope) -> RoomToken:
    """Raises Problem 401, tokens.Refused, NoSuchStream and MissingScope. What its holder may do is asked later."""
    if text.startswith(_PREFIX):
        return await _of_api_token(text, room_id, scope)
    return handshake.read_token(text, room_id)


def _identify(text: str, room_id: str, scope: Scope) -> RoomToken:
    stamp = redis_clock.now()
    found = api_tokens.find(text)
    if found is None:
        raise unknown()
    api_tokens.saw(found)
    if scope.value not in found.scopes:
        raise MissingScope(f"This token lacks the scope '{scope.value}'.")
    seen = queries.by_room(found.user, room_id)
    return RoomToken(
        room_id=seen.stream.room_id,
        user_id=found.user.pk,
        name=str(found.user),
        role=Role.PUBLISHER if scope == Scope.BROADCAST else Role.VIEWER,
        class_role=seen.class_role,
        issued=stamp,
        expires=int((clock.now() + timedelta(days=1)).timestamp()),
    )


_of_api_token = in_thread(_identify)

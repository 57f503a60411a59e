"""What a handshake tells of its caller: token, address and device."""

from fitfriends.core import asgi, clock
from fitfriends.core.asgi import Scope
from fitfriends.core.ids import is_room_id
from streaming.domain.tokens import signing
from streaming.domain.watching import client_info
from streaming.domain.watching.client_info import ClientInfo
from streaming.errors import NoSuchStream

PROTOCOL = "ffc.webrtc"


def socket_token(scope: Scope) -> signing.RoomToken:
    """By the query or by a subprotocol. Raises NoSuchStream or tokens.Refused."""
    return read_token(asgi.socket_token(scope), room_of(scope))


def room_of(scope: Scope) -> str:
    """As the address names it; perhaps no room's id."""
    found: str = scope["url_route"]["kwargs"]["room_id"]
    return found


def read_token(text: str, room_id: str) -> signing.RoomToken:
    """Raises NoSuchStream or tokens.Refused."""
    if not is_room_id(room_id):
        raise NoSuchStream
    return signing.read_room(text, room_id=room_id, at=clock.now())


def client_of(scope: Scope) -> ClientInfo:
    """The address goes no further than to the country. Counted by the session, not as a bare player."""
    return ClientInfo(
        kind=client_info.device_of(asgi.header(scope, "user-agent")),
        country=client_info.country_of(asgi.address_of(scope)),
        site=True,
        device="webrtc",
    )

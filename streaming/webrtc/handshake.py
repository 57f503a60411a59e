"""What the doors know of who knocks: token, address and device."""

from typing import Any
from urllib.parse import parse_qs

from fitfriends.core import clock
from fitfriends.core.ids import is_room_id
from streaming.domain.tokens import signing
from streaming.domain.watching import client_info
from streaming.domain.watching.client_info import ClientInfo
from streaming.errors import NoSuchStream

TOKEN_PROTOCOL = "ffc.token."  # noqa: S105 -- the name of a subprotocol, not a secret
PROTOCOL = "ffc.webrtc"

type Scope = dict[str, Any]


def socket_token(scope: Scope) -> signing.RoomToken:
    """By the query or by a subprotocol. Raises NoSuchStream or tokens.Refused."""
    asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("token", [])
    offered: list[str] = scope.get("subprotocols", [])
    by_protocol = [p.removeprefix(TOKEN_PROTOCOL) for p in offered if p.startswith(TOKEN_PROTOCOL)]
    return read_token((asked + by_protocol + [""])[0], scope["url_route"]["kwargs"]["room_id"])


def read_token(text: str, room_id: str) -> signing.RoomToken:
    """Raises NoSuchStream or tokens.Refused."""
    if not is_room_id(room_id):
        raise NoSuchStream
    return signing.read_room(text, room_id=room_id, at=clock.now())


def chosen_protocol(offered: list[str]) -> str | None:
    if PROTOCOL in offered:
        return PROTOCOL
    return next((name for name in offered if name.startswith(TOKEN_PROTOCOL)), None)


def header(scope: Scope, name: str) -> str:
    wanted = name.encode("latin-1")
    found: bytes = next((value for key, value in scope.get("headers", []) if key.lower() == wanted), b"")
    return found.decode("latin-1")


def visitor_of(scope: Scope) -> ClientInfo:
    """The address goes no further than to the country. Counted by the line, not as a bare player."""
    address = header(scope, "x-forwarded-for") or (scope.get("client") or ("", 0))[0]
    return ClientInfo(
        kind=client_info.device_of(header(scope, "user-agent")),
        country=client_info.country_of(address),
        site=True,
        device="webrtc",
    )

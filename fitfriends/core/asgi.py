"""What our bare ASGI applications read of a connection: its headers, its caller's address, the token it brings."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from fitfriends.core import client_address

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[Mapping[str, Any]], Awaitable[None]]

# A browser can send no header with a socket, but it can offer subprotocols: `ffc.token.<token>` carries a token.
TOKEN_PROTOCOL = "ffc.token."  # noqa: S105 -- the name of a subprotocol, not a secret


def header(scope: Scope, name: str) -> str:
    """The first of this name, which is given in lower case; empty where there is none."""
    wanted = name.encode("latin-1")
    found: bytes = next((value for key, value in scope.get("headers", []) if key.lower() == wanted), b"")
    return found.decode("latin-1")


def address_of(scope: Scope) -> str:
    return client_address.behind_proxies(header(scope, "x-forwarded-for"), (scope.get("client") or ("", 0))[0])


def socket_token(scope: Scope) -> str:
    """The token of a socket, from the query (`?token=`) or else from a subprotocol; empty where there is none."""
    asked: list[str] = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("token", [])
    offered = [name.removeprefix(TOKEN_PROTOCOL) for name in _offered(scope) if name.startswith(TOKEN_PROTOCOL)]
    return [*asked, *offered, ""][0]


def chosen_protocol(scope: Scope, own: str) -> str | None:
    """`own` where the client offers it, otherwise the token's: a browser wants one of those it offered."""
    offered = _offered(scope)
    if own in offered:
        return own
    return next((name for name in offered if name.startswith(TOKEN_PROTOCOL)), None)


def _offered(scope: Scope) -> list[str]:
    found: list[str] = scope.get("subprotocols", [])
    return found

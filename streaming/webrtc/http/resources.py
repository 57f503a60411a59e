"""What WHIP and WHEP have in common: addresses, bearers, bounds, sessions and their end."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from accounts.enums import Scope
from fitfriends.core import asgi, client_address, clock, errors
from fitfriends.core.bucket import Buckets
from fitfriends.core.http import as_refusal
from streaming.domain import refusals
from streaming.domain.tokens import signing
from streaming.domain.tokens.signing import RoomToken
from streaming.domain.watching.client_info import ClientInfo
from streaming.errors import NoSuchStream
from streaming.webrtc import commands, gateway, handshake, turn
from streaming.webrtc.commands import Caller
from streaming.webrtc.errors import Flood, NoPeer, WrongState, of_gateway
from streaming.webrtc.http import bearer, exchange, sessions
from streaming.webrtc.http.exchange import SDP, Asked, Problem, Reply
from streaming.webrtc.http.sdp_fragment import Fragment
from streaming.webrtc.http.sessions import Session
from streaming.webrtc.hub import Crowded, Revoked, SignallingHub, hub
from streaming.webrtc.session import Kind

log = logging.getLogger(__name__)

# Questions of one address: a burst of candidates fits, guessing tokens does not.
ASKED_AT_ONCE, ASKED_A_SECOND = 60, 5
# Sessions that one person opens: an encoder that comes back fits.
OPENED_AT_ONCE, OPENED_A_MINUTE = 6, 12
_REMEMBERED = 20_000  # addresses, and persons
_PATH = re.compile(r"/(?:whip|whep)/(?P<room>[^/]{1,64})(?:/(?P<session>[A-Za-z0-9_-]{1,64}))?\Z")


@dataclass(frozen=True, slots=True)
class ResourceRequest:
    """Who asks, about which room."""

    hub: SignallingHub
    token: RoomToken
    proof: str  # the bearer's text
    client: ClientInfo
    path: str

    def ice_servers(self) -> turn.IceServers:
        return turn.servers_for(self.token.user_id, at=clock.now())


@dataclass(frozen=True, slots=True)
class Protocol:
    """What tells WHIP from WHEP."""

    path: str
    kind: Kind
    scope: Scope
    patch_kinds: tuple[str, ...]
    post: Callable[[ResourceRequest, Asked], Awaitable[Reply]]
    patch: Callable[[ResourceRequest, Session, Asked], Awaitable[Reply]]


asked_by_address = Buckets(ASKED_AT_ONCE, ASKED_A_SECOND, most=_REMEMBERED)
opened_by_person = Buckets(OPENED_AT_ONCE, OPENED_A_MINUTE / 60, most=_REMEMBERED)


def _take(buckets: Buckets, whose: str) -> None:
    """Raises Flood."""
    if not buckets.take(whose):
        raise Flood(retry_after=5)


def door(protocol: Protocol) -> Callable[[asgi.Scope, asgi.Receive, asgi.Send], Awaitable[None]]:
    """The protocol as an ASGI application."""

    async def application(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        await exchange.answer(send, await _answered(protocol, scope, Asked(scope, receive)))

    return application


async def _answered(protocol: Protocol, scope: asgi.Scope, asked: Asked) -> Reply:
    try:
        _take(asked_by_address, _address(scope))
        return await _obeyed(protocol, scope, asked)
    except Problem as problem:
        return exchange.of_problem(problem)
    except (signing.Refused, Revoked) as error:
        _note(protocol, scope, error.code if isinstance(error, signing.Refused) else "token:revoked")
        return exchange.of_problem(bearer.unknown())
    except Exception as error:
        refusal = _refusal(error)
        if refusal is not None:
            _note(protocol, scope, refusal.code)
            return exchange.of_error(refusal)
        log.exception("%s: a request failed", protocol.path)
        return exchange.of_problem(Problem(500, "error", "Our side stumbled. Try again in a moment."))


def _note(protocol: Protocol, scope: asgi.Scope, code: str) -> None:
    """For the log. Only who comes in anew: in a session the person is known, and told."""
    found = _PATH.match(scope["path"])
    if protocol.kind == Kind.VIEWER and found is not None and not found["session"]:
        refusals.note(protocol.path, code, room=found["room"])


def _refusal(error: Exception) -> errors.DomainError | None:
    if isinstance(error, gateway.SfuError):
        return of_gateway(error.code, error.message)
    return Flood() if isinstance(error, Crowded) else as_refusal(error)


async def _obeyed(protocol: Protocol, scope: asgi.Scope, asked: Asked) -> Reply:
    found = _PATH.match(scope["path"])
    if found is None:
        raise NoSuchStream
    room_id, session_id = found["room"], found["session"] or ""
    if asked.method == "OPTIONS":
        return _options(protocol, is_session=bool(session_id))
    allowed = ("PATCH", "DELETE") if session_id else ("POST",)
    if asked.method not in allowed:
        allow = ", ".join((*allowed, "OPTIONS"))
        raise Problem(405, "http:method", f"This address takes {allow}.", (("Allow", allow),))
    here = hub()
    if session_id:
        return await _of_session(protocol, scope, asked, sessions.find(here, room_id, session_id, protocol.kind))
    token = await bearer.identify(asked.bearer, room_id, scope=protocol.scope)
    _take(opened_by_person, str(token.user_id))
    return await protocol.post(
        ResourceRequest(here, token, asked.bearer, handshake.client_of(scope), protocol.path), asked
    )


async def _of_session(protocol: Protocol, scope: asgi.Scope, asked: Asked, session: Session | None) -> Reply:
    if not asked.bearer:
        raise bearer.unknown()
    if session is None:
        raise NoPeer
    token = session.signalling.token
    if not session.knows(asked.bearer):
        held = await bearer.identify(asked.bearer, token.room_id, scope=protocol.scope)
        if held.user_id != token.user_id:
            raise NoPeer
    if asked.method == "DELETE":
        await session.end()
        return Reply(200)
    request = ResourceRequest(hub(), token, asked.bearer, handshake.client_of(scope), protocol.path)
    return await protocol.patch(request, session, asked)


def _options(protocol: Protocol, *, is_session: bool) -> Reply:
    accepts = ("Accept-Patch", ", ".join(protocol.patch_kinds)) if is_session else ("Accept-Post", SDP)
    methods = "PATCH, DELETE, OPTIONS" if is_session else "POST, OPTIONS"
    return Reply(
        200,
        headers=[
            accepts,
            ("Access-Control-Allow-Methods", methods),
            ("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match"),
            ("Access-Control-Max-Age", "600"),
        ],
    )


async def open_session(request: ResourceRequest, kind: Kind) -> Session:
    """In the room, without a peer yet. Raises what SignallingHub.enter raises, and WrongState."""
    session = Session(request.hub, request.token, kind, request.proof)
    room = await request.hub.enter(session.signalling)
    if room.facts.ended:
        await request.hub.leave(session.signalling)
        raise WrongState("This class is over.")
    return session


def described(session: Session, request: ResourceRequest) -> list[tuple[str, str]]:
    """The headers of a new session."""
    return [
        ("Location", f"/{request.path}/{request.token.room_id}/{session.id}"),
        ("ETag", session.etag),
        ("Accept-Patch", exchange.FRAGMENT),
        *(("Link", link) for link in turn.links(request.ice_servers())),
    ]


def require_match(session: Session, asked: Asked) -> None:
    """Raises Problem: without If-Match, or with that of an older ICE session (RFC 9725 section 4.3.2)."""
    if not asked.match:
        raise Problem(428, "webrtc:etag", "Say which ICE session is meant, by If-Match.")
    if asked.match not in ("*", session.etag):
        raise Problem(412, "webrtc:etag", "ICE was restarted meanwhile.")


async def trickle(request: ResourceRequest, session: Session, found: Fragment) -> None:
    caller = Caller(request.hub, session.signalling, request.client)
    for candidate in found.candidates:
        await commands.add_candidate(caller, session.sid, candidate)
    if found.is_last:
        await commands.add_candidate(caller, session.sid, None)


def _address(scope: asgi.Scope) -> str:
    """As a digest: addresses are not kept."""
    return client_address.digest(asgi.address_of(scope))

"""What each command of a client does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from streaming.domain.watching.client_info import ClientInfo
from streaming.webrtc import access, errors, gateway
from streaming.webrtc.frames import (
    Answer,
    AnswerSent,
    CandidateInit,
    CandidateSent,
    Command,
    Leave,
    Offer,
    Publish,
    Restart,
    StateSent,
    Subscribe,
)
from streaming.webrtc.hub import SignallingHub
from streaming.webrtc.session import Kind, SignallingSession
from streaming.webrtc.threads import in_thread

_require_publisher = in_thread(access.require_publisher)
_require_viewer = in_thread(access.require_viewer)


@dataclass(frozen=True, slots=True)
class Caller:
    """A session with what its commands need besides."""

    hub: SignallingHub
    session: SignallingSession
    client: ClientInfo


async def obey(caller: Caller, command: Command) -> None:
    """Raises DomainError; the gateway's refusals are that, too."""
    try:
        await _COMMANDS[type(command)](caller, command)
    except gateway.SfuError as error:
        raise errors.of_gateway(error.code, error.message) from error


async def publish(caller: Caller, sdp: str) -> gateway.Opened:
    """Raises DomainError and SfuError."""
    session, token = caller.session, caller.session.token
    push_url = await _require_publisher(token)
    opened = await session.open(
        Kind.PUBLISHER,
        caller.hub.gateway.publish(
            session, room=token.room_id, person=str(token.user_id), sdp=sdp, push_url=push_url
        ),
    )
    await caller.hub.present(session)
    return opened


async def subscribe(caller: Caller) -> gateway.Opened:
    """Raises DomainError and SfuError."""
    session, token = caller.session, caller.session.token
    source = await _require_viewer(token, caller.client)
    opened = await session.open(
        Kind.VIEWER,
        caller.hub.gateway.subscribe(
            session, room=token.room_id, person=str(token.user_id), pull_url=source.pull_url, copy=source.copy
        ),
    )
    await caller.hub.make_room(session)
    await caller.hub.present(session)
    return opened


async def add_candidate(caller: Caller, sid: str, given: CandidateInit | None) -> None:
    """None, or an empty one: there are no more."""
    _require_peer(caller.session, sid)
    found = gateway.Candidate(given.line, given.sdpMid, given.sdpMLineIndex) if given and given.line else None
    await caller.hub.gateway.candidate(sid, found)


async def _publish(caller: Caller, command: Publish) -> None:
    opened = await publish(caller, command.sdp)
    caller.session.say(Answer(sid=opened.peer, sdp=opened.sdp))
    caller.session.catch_up()


async def _subscribe(caller: Caller, _: Subscribe) -> None:
    opened = await subscribe(caller)
    caller.session.say(Offer(sid=opened.peer, sdp=opened.sdp))
    caller.session.catch_up()


async def _answer(caller: Caller, command: AnswerSent) -> None:
    if _require_peer(caller.session, command.sid) != Kind.VIEWER:
        raise errors.NoPeer("This connection is yours to offer, not to answer.")
    await caller.hub.gateway.answer(command.sid, command.sdp)


async def _candidate(caller: Caller, command: CandidateSent) -> None:
    await add_candidate(caller, command.sid, command.candidate)


async def _restart(caller: Caller, command: Restart) -> None:
    sid, sdp = command.sid, command.sdp or ""
    kind = _require_peer(caller.session, sid)
    if (kind == Kind.PUBLISHER) != bool(sdp):
        raise errors.BadSdp("A publisher restarts with a fresh offer, a viewer without one.")
    found = await caller.hub.gateway.restart(sid, sdp)
    if kind == Kind.PUBLISHER:
        caller.session.say(Answer(sid=sid, sdp=found))
    else:
        caller.session.say(Offer(sid=sid, sdp=found))


async def _state(caller: Caller, command: StateSent) -> None:
    _require_peer(caller.session, command.sid)
    await caller.hub.gateway.report(command.sid, command.state)


async def _leave(caller: Caller, command: Leave) -> None:
    """One that is gone already is no mistake."""
    await caller.session.end_peer(command.sid)
    if not caller.session.peers:
        await caller.hub.absent(caller.session)


def _require_peer(session: SignallingSession, sid: str) -> Kind:
    """Raises NoPeer, also for somebody else's."""
    kind = session.peers.get(sid)
    if kind is None:
        raise errors.NoPeer
    return kind


type _Obey = Callable[[Caller, Any], Awaitable[None]]
_COMMANDS: dict[type[Command], _Obey] = {
    Publish: _publish,
    Subscribe: _subscribe,
    AnswerSent: _answer,
    CandidateSent: _candidate,
    Restart: _restart,
    StateSent: _state,
    Leave: _leave,
}

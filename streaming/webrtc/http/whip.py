"""WHIP (RFC 9725) at /whip/<room_id>: publishing without a socket, for encoders that speak it."""

from accounts.enums import Scope
from streaming.webrtc import commands, errors, turn
from streaming.webrtc.commands import Caller
from streaming.webrtc.frame_reading import checked_sdp
from streaming.webrtc.http import resources, sdp_fragment, sessions
from streaming.webrtc.http.exchange import FRAGMENT, SDP, Asked, Problem, Reply
from streaming.webrtc.http.resources import Protocol, ResourceRequest
from streaming.webrtc.http.sessions import Session
from streaming.webrtc.session import Kind


async def _post(request: ResourceRequest, asked: Asked) -> Reply:
    """201 with the answer, the session's address, its entity tag, and the ICE servers as links."""
    offer = checked_sdp(await asked.body_of(SDP))
    session = await resources.open_session(request, Kind.PUBLISHER)
    try:
        opened = await commands.publish(Caller(request.hub, session.signalling, request.client), offer)
    except BaseException:
        await request.hub.leave(session.signalling)
        raise
    session.sid, session.description = opened.peer, offer
    await sessions.replace(request.hub, session)
    session.signalling.catch_up()
    return Reply(201, opened.sdp, SDP, resources.described(session, request))


async def _patch(request: ResourceRequest, session: Session, asked: Asked) -> Reply:
    """Candidates as they come, or an ICE restart: told apart by If-Match (RFC 9725 section 4.3)."""
    text = await asked.body_of(FRAGMENT)
    resources.require_match(session, asked)
    found = sdp_fragment.read(text)
    if asked.match == "*":
        return await _restart(request, session, found)
    if found.ufrag and found.ufrag != sdp_fragment.ufrag_of(session.description):
        raise Problem(412, "webrtc:etag", "These candidates are of another ICE session.")
    await resources.trickle(request, session, found)
    return Reply(204)


async def _restart(request: ResourceRequest, session: Session, found: sdp_fragment.Fragment) -> Reply:
    if not found.restarts:
        raise errors.BadCandidate("An ICE restart brings fresh credentials, ice-ufrag and ice-pwd.")
    offer = sdp_fragment.restarted(session.description, found)
    answer = await request.hub.gateway.restart(session.sid, offer)
    session.description, session.etag = offer, sessions.new_etag()
    links = [("Link", link) for link in turn.links(request.ice_servers())]
    return Reply(200, sdp_fragment.of_answer(answer), FRAGMENT, [("ETag", session.etag), *links])


whip = resources.door(
    Protocol(
        path="whip", kind=Kind.PUBLISHER, scope=Scope.BROADCAST, patch_kinds=(FRAGMENT,), post=_post, patch=_patch
    )
)

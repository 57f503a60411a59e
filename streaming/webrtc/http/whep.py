"""WHEP at /whep/<room_id>, as far as Janus 1.1 goes: it offers to viewers and does not answer them.

So a client's own offer is answered by 406 with ours (draft-ietf-wish-whep, the counter-offer), and one that asks
with an empty body gets ours by 201. Either way it brings its answer by PATCH. docs/webrtc.md says so.
"""

from accounts.enums import Scope
from streaming.webrtc import commands
from streaming.webrtc.commands import Caller
from streaming.webrtc.frame_reading import checked_sdp
from streaming.webrtc.http import resources, sdp_fragment, sessions
from streaming.webrtc.http.exchange import FRAGMENT, SDP, Asked, Problem, Reply
from streaming.webrtc.http.resources import Protocol, ResourceRequest
from streaming.webrtc.http.sessions import Session
from streaming.webrtc.session import Kind


async def _post(request: ResourceRequest, asked: Asked) -> Reply:
    body = await asked.body_of(SDP) if asked.kind else await asked.body()
    if body:
        checked_sdp(body)
    session = await resources.open_session(request, Kind.VIEWER)
    try:
        opened = await commands.subscribe(Caller(request.hub, session.signalling, request.client))
    except BaseException:
        await request.hub.leave(session.signalling)
        raise
    session.sid = opened.peer
    await sessions.replace(request.hub, session)
    session.signalling.catch_up()
    return Reply(406 if body else 201, opened.sdp, SDP, resources.described(session, request))


async def _patch(request: ResourceRequest, session: Session, asked: Asked) -> Reply:
    text = await asked.body_of(SDP, FRAGMENT)
    if asked.kind == SDP:
        await request.hub.gateway.answer(session.sid, checked_sdp(text))
        return Reply(204, headers=[("ETag", session.etag)])
    resources.require_match(session, asked)
    if asked.match == "*":
        raise Problem(422, "webrtc:restart", "Viewers restart by a new session: delete this one and post again.")
    await resources.trickle(request, session, sdp_fragment.read(text))
    return Reply(204)


whep = resources.door(
    Protocol(path="whep", kind=Kind.VIEWER, scope=Scope.WATCH, patch_kinds=(SDP, FRAGMENT), post=_post, patch=_patch)
)

"""Watching a class: join, renew, leave, and tokens for its sockets."""

from collections.abc import Callable
from datetime import UTC, datetime

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.enums import Scope
from accounts.errors import MissingScope
from fitfriends.core.api import ok
from streaming.api import callers, render, replies
from streaming.api.serializers import DeviceIn, RoomTokenIn
from streaming.domain import addresses, queries, refusals
from streaming.domain.tokens import room_tokens
from streaming.domain.watching import playback
from streaming.domain.watching.playback import Ticket
from streaming.enums import Role


def _admitted(request: Request, stream_id: int, admit: Callable[..., Ticket]) -> Response:
    """Join and renew answer alike. The stamp comes before the look-up: see tokens/revocations.py."""
    given = DeviceIn(data=request.data)
    given.is_valid(raise_exception=True)
    user, stamp = callers.caller(request), callers.stamp(request)
    client = callers.client_of(request, device=given.validated_data["device"])
    with refusals.noted(admit.__name__, room=f"stream:{stream_id}", user_id=user.pk):
        found = callers.visible(request, stream_id)
    room_id = found.stream.room_id
    with refusals.noted(admit.__name__, room=room_id, user_id=user.pk):
        ticket = admit(user, found, stamp=stamp, client=client)
        room = room_tokens.issue(user, found, stamp=stamp)
    reply = ok(
        stream_urls=render.urls(room_id, playback=ticket.token, room=room.token),
        stream_info=render.info(found, viewer_count=ticket.viewer_count),
        expires_at=datetime.fromtimestamp(ticket.expires_at, tz=UTC).isoformat(),
    )
    reply.headers["Cache-Control"] = "no-store"
    return reply


class Join(APIView):
    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="streaming_sessions_join", request=DeviceIn, responses=replies.JOINED)
    def post(self, request: Request, stream_id: int) -> Response:
        """Take a viewer slot and get addresses that play. No slot left: 409 `stream:full`.

        Again: the same slot. The same device's earlier address counts no more; another device takes a slot of its
        own, and the person's oldest device has to go when there are too many.
        """
        return _admitted(request, stream_id, playback.join)


class Renew(APIView):
    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="streaming_sessions_renew", request=DeviceIn, responses=replies.JOINED)
    def post(self, request: Request, stream_id: int) -> Response:
        """Fresh tokens for somebody who is in. Slot gone: 409 `stream:not-joined`, join again.

        409 `stream:places`: the person watches on as many other devices as they may; joining takes the slot back.
        """
        return _admitted(request, stream_id, playback.renew)


class Leave(APIView):
    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="streaming_sessions_leave", request=None, responses=replies.LEFT)
    def post(self, request: Request, stream_id: int) -> Response:
        """Free the slots; the playback token counts no more. Again: the same answer."""
        found = callers.visible(request, stream_id)
        playback.leave(callers.caller(request).pk, found.stream)
        return ok()


class Token(APIView):
    scopes = {"POST": Scope.WATCH}

    @extend_schema(operation_id="streaming_token", request=RoomTokenIn, responses=replies.TOKEN)
    def post(self, request: Request) -> Response:
        """A short-lived token for a room's sockets, in its lobby too. As publisher: its instructor alone."""
        given = RoomTokenIn(data=request.data)
        given.is_valid(raise_exception=True)
        role, user = Role(given.validated_data["role"]), callers.caller(request)
        if role == Role.PUBLISHER and not callers.has_scope(request, Scope.BROADCAST):
            raise MissingScope("This token lacks the scope 'broadcast'.")
        stamp = callers.stamp(request)
        room_id = given.validated_data["room_id"]
        with refusals.noted("token", room=room_id, user_id=user.pk):
            issued = room_tokens.issue(user, queries.by_room(user, room_id), stamp=stamp, role=role)
        reply = ok(
            token=issued.token,
            role=issued.role,
            room_id=room_id,
            expires_at=issued.expires_at.isoformat(),
            chat_url=addresses.chat(room_id, issued.token),
            webrtc_url=addresses.webrtc(room_id, issued.token),
        )
        reply.headers["Cache-Control"] = "no-store"
        return reply

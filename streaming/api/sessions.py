"""Streams of classes: list, create, look at, change."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.domain.access import require
from accounts.enums import Scope
from clubs.models import GroupSession
from fitfriends.core.api import ok
from fitfriends.core.errors import NotFound
from streaming.api import callers, render, replies
from streaming.api.serializers import StreamChange, StreamFilter, StreamIn
from streaming.domain import access, queries, scheduling
from streaming.domain.ingest import keys
from streaming.domain.queries import VisibleStream
from streaming.domain.watching import presence
from streaming.enums import Mode, Quality, State
from streaming.models import Stream
from streaming.querysets import StreamQuerySet

_NAMES = {"stream_title": "title", "stream_description": "description"}


class Sessions(GenericAPIView[Stream]):
    """Streams of the caller's clubs, newest first."""

    scopes = {"GET": Scope.READ, "POST": Scope.BROADCAST}
    results_name = "streaming_sessions"
    serializer_class = replies.StreamOut  # for the schema; render.py writes the same
    queryset = Stream.objects.none()

    @extend_schema(
        operation_id="streaming_sessions_list", parameters=[StreamFilter], responses=replies.StreamOut(many=True)
    )
    def get(self, request: Request) -> Response:
        user = callers.caller(request)
        asked = StreamFilter(data=request.query_params)
        asked.is_valid(raise_exception=True)
        page: list[Stream] = self.paginate_queryset(_filtered(queries.visible(user), asked.validated_data)) or []
        counts = presence.viewer_counts([stream.room_id for stream in page])
        rows = [
            render.stream(queries.as_visible(user, stream), viewer_count=counts[stream.room_id]) for stream in page
        ]
        return self.get_paginated_response(rows)

    @extend_schema(operation_id="streaming_sessions_create", request=StreamIn, responses={201: replies.CREATED})
    def post(self, request: Request) -> Response:
        """Make a stream for a class. Its key is in the reply for the class's instructor alone."""
        user = callers.caller(request)
        given = StreamIn(data=request.data)
        given.is_valid(raise_exception=True)
        session = _session(request, given.validated_data["group_session_id"])
        stream, key = scheduling.create(session, actor=user, **_details(given.validated_data))
        shown = key if access.may_see_key(user, stream) else None
        found = queries.by_id(user, stream.pk)
        reply = ok(201, streaming_session=render.keyed(found, shown), stream_config=render.config(found, shown))
        reply.headers["Cache-Control"] = "no-store"
        return reply


class SessionDetail(APIView):
    """One stream."""

    scopes = {"GET": Scope.READ, "PATCH": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_get", responses=replies.DETAIL)
    def get(self, request: Request, stream_id: int) -> Response:
        """The key and the ingest's address are there for the class's instructor alone; each look is on record."""
        found = callers.visible(request, stream_id)
        shows = found.class_role.broadcasts and found.stream.is_open and callers.has_scope(request, Scope.BROADCAST)
        key = keys.reveal(found.stream, actor=callers.caller(request)) if shows else None
        return _detail(found, key)

    @extend_schema(operation_id="streaming_sessions_change", request=StreamChange, responses=replies.DETAIL)
    def patch(self, request: Request, stream_id: int) -> Response:
        found = callers.running(request, stream_id)
        given = StreamChange(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = scheduling.change(found.stream, actor=callers.caller(request), **_details(given.validated_data))
        return _detail(VisibleStream(changed, found.class_role), None)


def _detail(found: VisibleStream, key: str | None) -> Response:
    count = presence.viewer_count(found.stream.room_id)
    session = render.stream(found, viewer_count=count, key=key)
    reply = ok(streaming_session=session, stream_config=render.config(found, key))
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _session(request: Request, session_id: int) -> GroupSession:
    """404 for a class the caller may not know of, 403 for one that they do not run."""
    user = callers.caller(request)
    session = GroupSession.objects.visible_to(user).filter(pk=session_id).first()
    if session is None:
        raise NotFound("There is no such class, or it is not for you.", code="group-session:not-found")
    require(
        access.may_schedule(user, session),
        code="group-session:not-yours",
        message="Only the instructor of this class and the owners of its club may stream it.",
    )
    return session


def _details(given: dict[str, Any]) -> dict[str, Any]:
    """The wire's names as the domain's."""
    details = {_NAMES.get(name, name): value for name, value in given.items() if name != "group_session_id"}
    if "stream_quality" in details:
        details["quality"] = Quality(details.pop("stream_quality"))
    if "mode" in details:
        details["mode"] = Mode(details["mode"])
    return details


def _filtered(streams: StreamQuerySet, asked: dict[str, Any]) -> StreamQuerySet:
    if asked.get("state") == "open":
        streams = streams.open()
    elif asked.get("state") == "ended":
        streams = streams.filter(state=State.ENDED)
    if "group_session_id" in asked:
        streams = streams.filter(group_session_id=asked["group_session_id"])
    if "club_id" in asked:
        streams = streams.filter(group_session__club_id=asked["club_id"])
    return streams

"""Running a class: start, end, cancel, a new key, its state and its signal."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.domain.access import require
from accounts.enums import Scope
from fitfriends.core.api import ok
from fitfriends.core.frames import plain
from streaming.api import callers, render, replies
from streaming.api.serializers import ModeIn
from streaming.domain import lifecycle, scheduling
from streaming.domain.ingest import keys, takeover
from streaming.domain.queries import VisibleStream
from streaming.domain.signal import health, timeline
from streaming.domain.snapshot import state_of
from streaming.domain.watching import presence
from streaming.enums import Mode
from streaming.models import Stream


def _changed(found: VisibleStream, stream: Stream) -> Response:
    now = VisibleStream(stream, found.class_role)
    session = render.stream(now, viewer_count=presence.viewer_count(stream.room_id))
    return ok(streaming_session=session, stream_config=render.config(now, None))


class Start(APIView):
    scopes = {"POST": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_start", request=None, responses=replies.DETAIL)
    def post(self, request: Request, stream_id: int) -> Response:
        """Open the doors. Before the signal, members wait for the picture. Again: the same answer."""
        found = callers.running(request, stream_id)
        return _changed(found, lifecycle.start(found.stream, actor=callers.caller(request)))


class End(APIView):
    scopes = {"POST": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_end", request=None, responses=replies.DETAIL)
    def post(self, request: Request, stream_id: int) -> Response:
        """End the class for good. Again: the same answer. Not started yet: 409, cancel it."""
        found = callers.running(request, stream_id)
        return _changed(found, lifecycle.end(found.stream, actor=callers.caller(request)))


class Cancel(APIView):
    scopes = {"POST": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_cancel", request=None, responses=replies.DETAIL)
    def post(self, request: Request, stream_id: int) -> Response:
        """Call the stream off before it was ever live."""
        found = callers.running(request, stream_id)
        return _changed(found, lifecycle.cancel(found.stream, actor=callers.caller(request)))


class RotateKey(APIView):
    scopes = {"POST": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_rotate_key", request=None, responses=replies.CREATED)
    def post(self, request: Request, stream_id: int) -> Response:
        """A new key; whoever broadcasts with the old one is cut. For the class's instructor.

        Its owners may have it changed too, without seeing the new one.
        """
        found = callers.running(request, stream_id)
        key = keys.rotate(found.stream, actor=callers.caller(request))
        shown = key if found.class_role.broadcasts else None
        reply = ok(streaming_session=render.keyed(found, shown), stream_config=render.config(found, shown))
        reply.headers["Cache-Control"] = "no-store"
        return reply


class SetMode(APIView):
    scopes = {"POST": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_mode", request=ModeIn, responses=replies.DETAIL)
    def post(self, request: Request, stream_id: int) -> Response:
        """Interactive or broadcast, while the class is live too. Everybody in it is told. Again: the same answer."""
        found = callers.running(request, stream_id)
        given = ModeIn(data=request.data)
        given.is_valid(raise_exception=True)
        mode = Mode(given.validated_data["mode"])
        return _changed(found, scheduling.change(found.stream, actor=callers.caller(request), mode=mode))


class TakeOver(APIView):
    scopes = {"POST": Scope.BROADCAST}

    @extend_schema(operation_id="streaming_sessions_take_over", request=None, responses=replies.TAKEOVER)
    def post(self, request: Request, stream_id: int) -> Response:
        """Let another encoder with the same key replace the one that broadcasts: the next one, until the time given.

        Nobody broadcasts: 409, the other one may simply start.
        """
        found = callers.running(request, stream_id)
        return ok(until=takeover.allow(found.stream, actor=callers.caller(request)))


class Events(APIView):
    scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="streaming_sessions_events", responses=replies.EVENTS)
    def get(self, request: Request, stream_id: int) -> Response:
        """What happened to the class, the newest first. For those who run it."""
        found = callers.visible(request, stream_id)
        require(found.class_role.runs, code="stream:not-yours", message="What happened is its instructor's business.")
        return ok(events=[render.moment(one) for one in timeline.of_stream(found.stream)])


class StateOf(APIView):
    scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="streaming_sessions_state", responses=replies.STATE)
    def get(self, request: Request, stream_id: int) -> Response:
        """Where the class is now; for those who cannot hold a socket."""
        found = callers.visible(request, stream_id)
        return ok(
            stream=plain(state_of(found.stream, runs=found.class_role.runs)),
            viewer_count=presence.viewer_count(found.stream.room_id),
        )


class Signal(APIView):
    scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="streaming_sessions_signal", responses=replies.SIGNAL)
    def get(self, request: Request, stream_id: int) -> Response:
        """What arrives from the encoder, in numbers and in words. For those who run the class."""
        found = callers.visible(request, stream_id)
        require(found.class_role.runs, code="stream:not-yours", message="The signal is its instructor's business.")
        return ok(signal=render.signal(health.look(found.stream)))

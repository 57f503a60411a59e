"""The signal of a class in numbers, in words with codes, and over time."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.domain.access import require
from accounts.enums import Scope
from fitfriends.core.api import ok
from streaming.api import callers, render_health, replies_health
from streaming.api.serializers import SeriesIn
from streaming.domain.signal import health, trends


class HealthOf(APIView):
    scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="streaming_sessions_health", parameters=[SeriesIn], responses=replies_health.HEALTH)
    def get(self, request: Request, stream_id: int) -> Response:
        """How the signal is: what is wrong and its cure, the numbers now, and their course when `since` or `step` is
        given. For those who run the class. The worst comes first; codes stay the same, messages may change.
        """
        found = callers.visible(request, stream_id)
        require(found.class_role.runs, code="stream:not-yours", message="The signal is its instructor's business.")
        asked = SeriesIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        shown = render_health.health(found.stream, health.look(found.stream, ask_ingest=False))
        course = trends.series(found.stream, **asked.validated_data) if asked.validated_data else None
        return ok(health={**shown, "series": course and render_health.series(course)})

"""Going live from this browser: the camera page, and what it sends to measure its line."""

from collections.abc import Mapping
from typing import IO, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.callers import caller
from accounts.domain.access import require
from accounts.models import User
from fitfriends.core import errors
from fitfriends.core.api import ok
from fitfriends.core.throttling import PerUserThrottle
from fitfriends.pages import camera_words
from fitfriends.pages.decorators import page
from fitfriends.pages.studio import StudioContext, studio_for
from streaming.domain import access
from streaming.domain.watching import presence
from streaming.models import Stream

# Two seconds of a picture at 1.5 Mbit/s; nginx has it in a file before we are asked.
MOST_BYTES = 384 * 1024


@page
def camera(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    """For the class's instructor: checks before the class, then the console. Without a stream, set one up first."""
    studio = studio_for(user, session_id)
    if studio.stream is None:
        return redirect("studio-class", session_id=session_id)
    _require_camera(user, studio, studio.stream)
    context = {
        "session": studio.session,
        "stream": studio.stream,
        "viewer_count": presence.viewer_count(studio.stream.room_id),
        "checks": camera_words.CHECKS,
        "helps": camera_words.HELPS,
    }
    return render(request, "pages/studio_camera.html", context)


def _require_camera(user: User, studio: StudioContext, stream: Stream) -> None:
    whose = f"The camera of this class is {studio.session.instructor}'s alone."
    words = f"{whose} You can open and close its doors in the studio."
    require(access.may_see_key(user, stream), message=words)


class Uploads(PerUserThrottle):
    """What one person sends to measure a line."""

    scope = "upload-test"


class Bytes(BaseParser):
    """The body as it is, up to a byte more than is taken."""

    media_type = "application/octet-stream"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        del media_type, parser_context
        return {"body": stream.read(MOST_BYTES + 1)}


class UploadTest(APIView):
    """Takes some bytes and forgets them: the page measures how long they took. Not a part of the API for apps."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)
    parser_classes = (Bytes,)
    throttle_classes = (Uploads,)

    @extend_schema(exclude=True)
    def post(self, request: Request, session_id: int) -> Response:
        user = caller(request)
        studio = studio_for(user, session_id)
        if studio.stream is None:
            raise errors.NotFound
        _require_camera(user, studio, studio.stream)
        sent = request.data
        size = len(sent["body"]) if isinstance(sent, dict) and "body" in sent else 0
        if size > MOST_BYTES:
            raise errors.Invalid(f"Send {MOST_BYTES} bytes at most.", code="upload-test:too-large")
        return ok(bytes=size)

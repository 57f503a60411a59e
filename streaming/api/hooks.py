"""nginx-rtmp's three questions. Plain Django views: no session, no envelope, only numbers and one redirect."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fitfriends.core.errors import DomainError
from fitfriends.core.http import status_of
from streaming.api.ingest_caller import IngestCall
from streaming.domain.ingest import publishing

log = logging.getLogger(__name__)

type Answer = Callable[[IngestCall], HttpResponse]


def _hook(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    @csrf_exempt
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        call = IngestCall.read(request)
        if call is None:
            return HttpResponse(status=404)
        try:
            return answer(call)
        except DomainError as error:
            log.info("ingest: %s refused: %s", call.call, error.code)
            return HttpResponse(error.code, status=status_of(error), content_type="text/plain")

    return view


@_hook
def publish(call: IngestCall) -> HttpResponse:
    """302 to the internal name: downstream of the ingest nobody knows the key."""
    name = publishing.publish(call.name, client_id=call.client_id, address=call.address, bridged=call.bridged)
    return HttpResponse(status=302, headers={"Location": name})


@_hook
def publish_done(call: IngestCall) -> HttpResponse:
    """Always 200: the ingest does not care for the answer, and a repeated call is no mistake."""
    publishing.publish_done(call.name, client_id=call.client_id)
    return HttpResponse(status=200)


@_hook
def update(call: IngestCall) -> HttpResponse:
    """Anything but 2xx cuts the publisher. Pullers are ours. What we cannot look up, we do not cut."""
    if call.call == "update_play":
        return HttpResponse(status=200)
    try:
        publishing.update(call.name, client_id=call.client_id)
    except DatabaseError:
        log.exception("ingest: an update could not be looked up; the broadcast goes on")
    return HttpResponse(status=200)

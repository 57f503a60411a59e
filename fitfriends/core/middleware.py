"""Shows times in the reader's zone, and turns expected refusals on HTML pages into designed pages."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fitfriends.core.http import as_refusal, status_of

Next = Callable[[HttpRequest], HttpResponse]


class ReadersTimeZone:
    """Activates the signed-in reader's own zone for templates; a page's script does it for others."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The API and the hooks speak UTC; asking for request.user there would cost a query for nothing.
        if request.path.startswith(("/api/", "/hooks/", "/static/")):
            return self.get_response(request)
        name = getattr(request.user, "time_zone", "") if request.user.is_authenticated else ""
        if not name:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return self.get_response(request)


class DomainErrors:
    """A DomainError that reaches an HTML view becomes a page with its words and a fitting status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = as_refusal(exception)
        if refusal is None:
            return None
        status = status_of(refusal)
        template = "404.html" if status == 404 else "refused.html"
        return render(request, template, {"error": refusal}, status=status)

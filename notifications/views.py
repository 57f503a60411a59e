"""The page behind the way out of every mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.domain import unsubscribe


@csrf_exempt  # the signed token is the proof; mail programs post here without a session (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """A GET changes nothing: scanners follow every link of a mail."""
    _, kind = unsubscribe.read_token(token)
    done = request.method == "POST"
    if done:
        unsubscribe.stop(token)
    return render(request, "notifications/unsubscribe.html", {"kind": kind, "done": done})

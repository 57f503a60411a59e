"""Answers that no app owns: a refused form token, an unknown address, a request that makes no sense, a fault."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

_WORDS = "This page was open for too long or came from elsewhere. Reload it and try again."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    if request.path.startswith("/api/"):
        return JsonResponse({"success": False, "error": {"code": "csrf", "message": _WORDS}}, status=403)
    return render(request, "refused.html", {"error": {"code": "csrf", "message": _WORDS}}, status=403)


def _api_failure(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"success": False, "error": {"code": code, "message": message}}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _api_failure(400, "invalid", "This request makes no sense.")
    return defaults.bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In the API an unknown address looks like an unknown thing."""
    if request.path.startswith("/api/"):
        return _api_failure(404, "not-found", "There is nothing here, or it is not for you.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _api_failure(500, "error", "That is our fault. Please try again.")
    return defaults.server_error(request)

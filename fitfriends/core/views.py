"""Answers that no app owns: a refused form token."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

_WORDS = "This page was open for too long or came from elsewhere. Reload it and try again."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    if request.path.startswith("/api/"):
        return JsonResponse({"success": False, "error": {"code": "csrf", "message": _WORDS}}, status=403)
    return render(request, "refused.html", {"error": {"code": "csrf", "message": _WORDS}}, status=403)

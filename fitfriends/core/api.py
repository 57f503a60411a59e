"""The API's one envelope: replies, errors and pages."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from fitfriends.core import errors
from fitfriends.core.http import as_refusal, status_of

log = logging.getLogger(__name__)

# DRF's own refusals, as stable codes of ours.
_CODES: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "auth:required",
    exceptions.AuthenticationFailed: "auth:failed",
    exceptions.PermissionDenied: "not-allowed",
    PermissionDenied: "not-allowed",
    exceptions.NotFound: "not-found",
    Http404: "not-found",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.NotAcceptable: "not-acceptable",
    exceptions.UnsupportedMediaType: "media-type",
    exceptions.ParseError: "json:malformed",
    exceptions.Throttled: "rate-limited",
    exceptions.ValidationError: "invalid",
}


def ok(status: int = 200, /, **content: object) -> Response:
    """Puts a success into the envelope; each keyword becomes a key of the reply."""
    return Response({"success": True, **content}, status=status)


def failure(
    status: int,
    code: str,
    message: str,
    *,
    fields: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    error: dict[str, object] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return Response({"success": False, "error": error}, status=status, headers=dict(headers or {}))


def handle_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Every refusal in the envelope; what is not expected goes on to Django, which hides it from the caller."""
    refusal = as_refusal(error)
    if refusal is not None:
        headers = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, errors.TooMany) else None
        return failure(status_of(refusal), refusal.code, refusal.message, fields=refusal.fields, headers=headers)
    response = exception_handler(error, dict(context))
    if response is None:
        return None
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "error")
    if isinstance(error, exceptions.ValidationError):
        fields = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
        response.data = _error_body(code, "Please check what you sent.", fields)
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        response.data = _error_body(code, str(detail), None)
    return response


def _error_body(code: str, message: str, fields: Mapping[str, Any] | None) -> dict[str, object]:
    error: dict[str, object] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return {"success": False, "error": error}


class Pages(CursorPagination):
    """Cursor pages in the envelope; a view names its list by `results_name`."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: str | tuple[str, ...] = "-id"
    results_name = "results"

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        self.results_name = getattr(view, "results_name", "results")
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:  # a cursor is signed by nobody: its position may be anything
            raise exceptions.NotFound("This page does not exist.") from error

    def get_paginated_response(self, data: Any) -> Response:
        return ok(**{self.results_name: data}, next=self.get_next_link(), previous=self.get_previous_link())

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["success", self.results_name, "next", "previous"],
            "properties": {
                "success": {"type": "boolean"},
                self.results_name: schema,
                "next": {"type": "string", "nullable": True},
                "previous": {"type": "string", "nullable": True},
            },
        }

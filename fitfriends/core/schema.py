"""What every operation of the OpenAPI schema shares: the envelope of replies and of errors."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.pagination import BasePagination


class ErrorDetail(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable and machine readable, e.g. stream:state:ended.")
    message = serializers.CharField(help_text="Words for a person.")
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


class ErrorEnvelope(serializers.Serializer[Any]):
    success = serializers.BooleanField(help_text="Always false.")
    error = ErrorDetail()


_REFUSALS = {
    "400": "The input cannot be used.",
    "401": "Nobody is signed in.",
    "403": "You may see this but not do it.",
    "404": "There is no such thing, or it is not for you.",
    "409": "The state does not allow it now.",
    "415": "Send application/json.",
    "429": "Too many requests; see Retry-After.",
}


def envelope(name: str, **content: serializers.Field[Any, Any, Any, Any]) -> serializers.Serializer[Any]:
    """A success as api.ok writes it: `envelope("ClubReply", club=ClubOut())`."""
    return inline_serializer(name, {"success": serializers.BooleanField(help_text="Always true."), **content})


class EnvelopeSchema(AutoSchema):
    """Adds the refusals that any operation may answer with, and names lists as the view does."""

    def _get_paginator(self) -> BasePagination | None:
        paginator: BasePagination | None = super()._get_paginator()  # type: ignore[no-untyped-call]
        if paginator is not None:
            paginator.results_name = getattr(self.view, "results_name", "results")  # type: ignore[attr-defined]
        return paginator

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, words in _REFUSALS.items():
            if status not in bodies:
                refusal = OpenApiResponse(ErrorEnvelope, description=words)
                bodies[status] = self._get_response_for_code(refusal, status, direction=direction)  # type: ignore[no-untyped-call]
        return bodies

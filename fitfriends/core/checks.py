"""System checks of our own, each with an id."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def check_cors(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A wildcard would let any page call the API."""
    if getattr(settings, "CORS_ALLOW_ALL_ORIGINS", False):
        return [Error("CORS_ALLOW_ALL_ORIGINS is on: name the front ends instead.", id="fitfriends.E001")]
    return []

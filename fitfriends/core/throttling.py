"""Rate limits per person and per address; the address lives in the cache as a digest, for a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

from fitfriends.core import crypto

if TYPE_CHECKING:  # rest_framework.views imports this module through its settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Person(SimpleRateThrottle):
    scope = "person"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}


class Address(SimpleRateThrottle):
    """Callers who are not signed in, by address."""

    scope = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:  # noqa: ARG002
        if request.user.is_authenticated:
            return None
        ident = crypto.digest(self.get_ident(request) or "", purpose="address")[:32]
        return self.cache_format % {"scope": self.scope, "ident": ident}


class Login(Address):
    """Attempts to sign in by the API."""

    scope = "login"

"""Bearer tokens for the API."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.domain import tokens
from accounts.models import ApiToken, User


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. Other schemes are left to others; a bad token is refused, never ignored."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, plain = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = tokens.find(plain.strip())
        if token is None:
            raise AuthenticationFailed("This token is unknown, revoked or expired.")
        tokens.saw(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 -- DRF's signature
        return 'Bearer realm="api"'

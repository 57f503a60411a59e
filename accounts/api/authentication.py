"""Bearer tokens for the API."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import ApiToken, User


class BearerAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

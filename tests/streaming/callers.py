"""Callers of the API and of the hooks, as the outside knows them."""

from typing import Any

from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from accounts.domain import tokens
from accounts.enums import Scope
from accounts.models import User

SESSIONS = "/api/streaming/sessions"


def bearer(user: User, *scopes: Scope) -> APIClient:
    """With a personal token; every scope unless some are named."""
    _, plain = tokens.issue(user, name="test", scopes=scopes or list(Scope))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def hook(
    what: str, key: str, client_id: str = "1", *, secret: str | None = None, address: str = "203.0.113.9", **more: Any
) -> Any:
    """As nginx-rtmp calls: a form body, the secret in the address."""
    call = {"publish": "publish", "publish_done": "publish_done", "update": "update_publish"}[what]
    body = {"app": "live", "tcurl": "rtmp://localhost/live", "addr": address, "clientid": client_id, "call": call}
    body |= {"name": key, "type": "live"} | more
    secret = settings.HOOK_SECRET if secret is None else secret
    return Client().post(f"/hooks/rtmp/{what}?secret={secret}", body)

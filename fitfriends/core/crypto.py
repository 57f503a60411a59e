"""Keyed digests for looking secrets up, and encryption for secrets that must be shown again."""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@cache  # of a handful of purposes
def _derive(purpose: str, secret: str) -> bytes:
    if not secret:
        raise ImproperlyConfigured(f"The secret for {purpose} is empty.")
    return hmac.new(secret.encode(), f"fitfriends.{purpose}".encode(), hashlib.sha256).digest()


def digest(value: str, *, purpose: str) -> str:
    """Hex HMAC-SHA256 under a key of this purpose: finds a row by a secret that the row does not hold."""
    key = _derive(f"digest.{purpose}", settings.STREAM_KEY_SECRET)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def _fernet(purpose: str) -> Fernet:
    key = _derive(f"encrypt.{purpose}", settings.STREAM_KEY_SECRET)
    return Fernet(base64.urlsafe_b64encode(key))


def encrypt(value: str, *, purpose: str) -> str:
    return _fernet(purpose).encrypt(value.encode()).decode()


def decrypt(value: str, *, purpose: str) -> str:
    """Raises ImproperlyConfigured when the secret is not the one that the value was encrypted with."""
    try:
        return _fernet(purpose).decrypt(value.encode()).decode()
    except InvalidToken as error:
        raise ImproperlyConfigured("STREAM_KEY_SECRET is not the one this database was written with.") from error


def same(left: str, right: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())

"""The address that a request comes from, behind our own proxies. It is never kept: what is counted is its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from fitfriends.core import crypto

if TYPE_CHECKING:  # rest_framework.views imports this module through its settings
    from django.http import HttpRequest
    from rest_framework.request import Request


def of_request(request: HttpRequest | Request) -> str:
    return behind_proxies(request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR", ""))


def behind_proxies(forwarded: str, peer: str) -> str:
    """`forwarded`: the header X-Forwarded-For, empty where there is none. `peer`: who is connected to us.

    Counts TRUSTED_PROXIES entries from the right: anybody may write what stands further left.
    """
    if not settings.TRUSTED_PROXIES or not forwarded:
        return peer
    entries = forwarded.split(",")
    return entries[-min(settings.TRUSTED_PROXIES, len(entries))].strip()


def digest(address: str) -> str:
    """What stands for the address where it is counted."""
    return crypto.digest(address, purpose="address")[:32]

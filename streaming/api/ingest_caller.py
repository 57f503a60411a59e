"""The RTMP ingest as a caller: a machine with a shared secret, not a user."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest

from fitfriends.core import crypto

_LONGEST = 300  # of any field that counts


@dataclass(frozen=True, slots=True)
class IngestCall:
    """One call of nginx-rtmp, as far as it concerns us."""

    call: str
    name: str  # what was published to: the stream key, or nonsense
    client_id: str
    address: str
    bridged: bool  # our own bridge from WebRTC says so, in the address that it publishes to

    @classmethod
    def read(cls, request: HttpRequest) -> Self | None:
        """None when somebody else calls."""
        secret = request.GET.get("secret", "")
        if not settings.HOOK_SECRET or not crypto.same(secret, settings.HOOK_SECRET):
            return None
        return cls(
            call=_field(request, "call"),
            name=_field(request, "name"),
            client_id=_field(request, "clientid"),
            address=_field(request, "addr"),
            bridged=_field(request, "bridged") == "1",
        )


def _field(request: HttpRequest, name: str) -> str:
    """The first of its name: the ingest appends what the broadcaster wrote behind the key, `?clientid=5` too."""
    values = request.POST.getlist(name)
    value = values[0] if values else ""
    return value if len(value) <= _LONGEST else ""

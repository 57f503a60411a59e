"""What every view of this app asks about its caller."""

from rest_framework.request import Request

from accounts.api.views import caller
from accounts.enums import Scope
from accounts.models import ApiToken
from clubs.domain.access import require
from fitfriends.core.throttling import Address
from streaming.domain import queries, visitors
from streaming.domain.queries import Seen
from streaming.enums import Device

__all__ = ["caller", "country", "device", "has_scope", "is_site", "running", "seen"]

_NOT_YOURS = "Only the instructor of this class and the owners of its club may do this."


def seen(request: Request, stream_id: int) -> Seen:
    """404 for a stream that the caller may not know of."""
    return queries.by_id(caller(request), stream_id)


def running(request: Request, stream_id: int) -> Seen:
    """As seen(); 403 for those who do not run the class."""
    found = seen(request, stream_id)
    require(found.standing.runs, code="stream:not-yours", message=_NOT_YOURS)
    return found


def has_scope(request: Request, scope: Scope) -> bool:
    """A session has them all."""
    return not isinstance(request.auth, ApiToken) or scope.value in request.auth.scopes


def is_site(request: Request) -> bool:
    """Our own page, signed in by cookie: its viewers are counted by their socket."""
    return not isinstance(request.auth, ApiToken)


def device(request: Request) -> Device:
    return visitors.device_of(request.META.get("HTTP_USER_AGENT", ""))


def country(request: Request) -> str:
    """From the address as throttling knows it; it goes no further."""
    return visitors.country_of(Address().get_ident(request) or "")

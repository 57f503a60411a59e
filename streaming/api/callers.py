"""What every view of this app asks about its caller."""

from rest_framework.request import Request

from accounts.api.callers import caller
from accounts.domain.access import require
from accounts.enums import Scope
from accounts.models import ApiToken
from fitfriends.core import client_address, throttling
from streaming.domain import queries
from streaming.domain.queries import VisibleStream
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import client_info
from streaming.domain.watching.client_info import ClientInfo

__all__ = ["caller", "client_of", "has_scope", "is_site", "running", "stamp", "visible"]

_NOT_YOURS = "Only the instructor of this class and the owners of its club may do this."


def visible(request: Request, stream_id: int) -> VisibleStream:
    """404 for a stream that the caller may not know of."""
    return queries.by_id(caller(request), stream_id)


def stamp(request: Request) -> int:
    """The moment for a token's stamp: after the caller came in, before anything is looked up for them."""
    return throttling.moment(request) or redis_clock.now()


def running(request: Request, stream_id: int) -> VisibleStream:
    """As visible(); 403 for those who do not run the class."""
    found = visible(request, stream_id)
    require(found.class_role.runs, code="stream:not-yours", message=_NOT_YOURS)
    return found


def has_scope(request: Request, scope: Scope) -> bool:
    """A session has them all."""
    return not isinstance(request.auth, ApiToken) or scope.value in request.auth.scopes


def is_site(request: Request) -> bool:
    """Our own page, signed in by cookie: its viewers are counted by their socket."""
    return not isinstance(request.auth, ApiToken)


def client_of(request: Request, *, device: str) -> ClientInfo:
    """The address goes no further than to the country."""
    return ClientInfo(
        kind=client_info.device_of(request.META.get("HTTP_USER_AGENT", "")),
        country=client_info.country_of(client_address.of_request(request)),
        site=is_site(request),
        device=device or _signed_in_by(request),
    )


def _signed_in_by(request: Request) -> str:
    """A browser by its session, an app by its token."""
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.pk}"
    return f"session:{request.session.session_key}"

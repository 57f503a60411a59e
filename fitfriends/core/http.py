"""The one mapping of error families to HTTP numbers."""

from fitfriends.core import errors

_STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 400,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


def status_of(error: errors.DomainError) -> int:
    return next((status for family, status in _STATUS.items() if isinstance(error, family)), 400)

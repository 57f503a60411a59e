"""The one mapping of errors to HTTP: families to numbers, and a part of ours that does not answer to its words."""

import logging

import kombu.exceptions
import redis.exceptions
from django.db import InterfaceError, OperationalError

from fitfriends.core import errors

log = logging.getLogger(__name__)

_STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 400,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
_SILENT = (
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    kombu.exceptions.OperationalError,
    OperationalError,
    InterfaceError,
)


def status_of(error: errors.DomainError) -> int:
    return next((status for family, status in _STATUS.items() if isinstance(error, family)), 400)


def as_refusal(error: Exception) -> errors.DomainError | None:
    """What a door may tell its caller; None for a fault of ours, which is Django's to report and to hide."""
    if isinstance(error, errors.DomainError):
        return error
    if isinstance(error, _SILENT):
        log.error("A part does not answer: %s", error)
        return errors.Unavailable()
    return None

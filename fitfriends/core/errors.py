"""What can go wrong, in families that every door maps to its own language (HTTP, close codes, admin messages).

A code is stable and reads `thing:part:what`, for instance `stream:state:ended`. The message is for a person:
what happened and what to do next.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """Base of all expected refusals.

    code: stable, machine readable.  message: words for a person.
    fields: per input field, a list of messages (shape of DRF's own errors).
    """

    code = "error"
    message = "That did not work."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        fields: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.fields = dict(fields or {})
        super().__init__(f"{self.code}: {self.message}")


class NotAllowed(DomainError):
    """The caller may see the thing but not do this to it."""

    code = "not-allowed"
    message = "You may not do this."


class NotFound(DomainError):
    """There is no such thing, or the caller may not know of it: both look alike from outside."""

    code = "not-found"
    message = "There is nothing here, or it is not for you."


class Conflict(DomainError):
    """The thing's state does not allow this now."""

    code = "conflict"
    message = "This is not possible right now."


class Invalid(DomainError):
    """The input cannot be used; `fields` says where."""

    code = "invalid"
    message = "Please check what you entered."


class TooMany(DomainError):
    """Too often or too much; `retry_after` is in seconds."""

    code = "rate-limited"
    message = "That was a lot at once. Please wait a moment and try again."

    def __init__(self, message: str | None = None, *, code: str | None = None, retry_after: int = 60) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A part of ours does not answer; trying again later may help."""

    code = "unavailable"
    message = "A part of the platform does not answer right now. Please try again in a moment."

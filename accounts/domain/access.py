"""What every app asks of the person at its door: signed in, an operator of the platform, allowed to go on."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from fitfriends.core import errors

# Whoever looks: an account, or nobody in particular.
type Viewer = User | AnonymousUser


def is_operator(user: Viewer) -> bool:
    """An operator of the platform, while their account is active."""
    return user.is_authenticated and user.is_active and user.is_staff


def signed_in(user: Viewer) -> User:
    """The same person as an account; raises NotAllowed for nobody."""
    if not isinstance(user, User):
        raise errors.NotAllowed("Please sign in first.", code="auth:required")
    return user


def require(allowed: bool, *, code: str = "not-allowed", message: str | None = None) -> None:  # noqa: FBT001
    """Raises NotAllowed unless `allowed`."""
    if not allowed:
        raise errors.NotAllowed(message, code=code)

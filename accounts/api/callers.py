"""Who calls the API."""

from rest_framework.request import Request

from accounts.models import User


def caller(request: Request) -> User:
    """The signed-in person, after IsAuthenticated let them in."""
    assert isinstance(request.user, User)  # noqa: S101 -- narrows for the type checker
    return request.user

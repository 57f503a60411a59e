"""Signing in by e-mail and password outside the site's own form."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import has_verified_email
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.errors import TooManyAttempts, UnverifiedEmail, WrongCredentials
from accounts.models import User


def by_password(request: HttpRequest, *, email: str, password: str) -> User:
    """The person; raises WrongCredentials, UnverifiedEmail or TooManyAttempts.

    Counts against the same limits as the site's form, per address and per e-mail (known or not), and takes the
    time of one password hash whoever is asked for. Only the right password learns that an e-mail is unverified.
    """
    try:
        user = get_adapter().authenticate(request, email=email, password=password)
    except ValidationError as error:  # allauth's way of saying "rate limited"
        raise TooManyAttempts(retry_after=300) from error
    if not isinstance(user, User) or not user.is_active:
        raise WrongCredentials
    if not has_verified_email(user, user.email):
        raise UnverifiedEmail
    return user

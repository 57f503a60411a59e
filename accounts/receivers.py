"""What accounts does when allauth reports something."""

from allauth.account.signals import password_reset
from django.dispatch import receiver

from accounts.domain import tokens
from accounts.models import User


@receiver(password_reset)
def revoke_tokens(sender: type[User], user: User, **kwargs: object) -> None:  # noqa: ARG001 -- a signal's signature
    """A reset is what one does after losing control: whoever holds a token by then is out."""
    tokens.revoke_all(user)

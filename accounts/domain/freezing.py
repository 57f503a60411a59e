"""Shutting a person out, and letting them in again."""

from functools import partial

from django.db import transaction

from accounts.models import User
from accounts.signals import person_frozen
from fitfriends.core import errors


@transaction.atomic
def freeze(user: User, *, actor: User) -> User:
    """Sessions and tokens of a frozen person are refused at once; those above end what they gave."""
    if user.pk == actor.pk:
        raise errors.Conflict("You cannot freeze yourself.", code="accounts:freeze:self")
    if user.is_superuser and not actor.is_superuser:
        raise errors.NotAllowed
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        user.is_active = False
        transaction.on_commit(partial(person_frozen.send_robust, sender=User, user=user))
    return user


def thaw(user: User) -> User:
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user

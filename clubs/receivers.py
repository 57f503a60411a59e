"""What clubs does when accounts reports something."""

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import person_frozen
from clubs.models import Membership
from clubs.signals import membership_ended


@receiver(person_frozen)
def end_rights(sender: type[User], user: User, **kwargs: object) -> None:  # noqa: ARG001 -- a signal's signature
    """A frozen person keeps the membership for the day they are thawed, but has no right by it."""
    for membership in Membership.objects.active().filter(user=user).select_related("club", "user"):
        membership_ended.send_robust(sender=Membership, membership=membership)

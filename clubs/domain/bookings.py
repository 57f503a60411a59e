"""Booking a class: never more people than it holds, also when many come at once."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from clubs.enums import SessionStatus
from clubs.errors import Cancelled, Full, Over
from clubs.models import GroupSession, Membership, Participation
from fitfriends.core import clock, errors


def taken(session: GroupSession) -> int:
    return Participation.objects.filter(group_session=session, cancelled_at=None).count()


def people_of(session: GroupSession) -> QuerySet[User]:
    return User.objects.filter(participations__group_session=session, participations__cancelled_at=None)


@transaction.atomic
def participate(session: GroupSession, *, actor: User) -> Participation:
    """Books; a second time returns the first booking. Members only: to others the class is not there.

    The membership is locked before the class: leaving the club at the same moment comes before or after, never
    in between. The lock on the class makes the last place one place.
    """
    memberships = Membership.objects.select_for_update().filter(club_id=session.club_id, user=actor, left_at=None)
    if memberships.first() is None:
        raise errors.NotFound
    locked = GroupSession.objects.select_for_update().get(pk=session.pk)
    if locked.status == SessionStatus.CANCELLED:
        raise Cancelled
    if locked.ends_at <= clock.now():
        raise Over
    found = Participation.objects.filter(group_session=locked, user=actor, cancelled_at=None).first()
    if found is not None:
        return found
    if locked.capacity is not None and taken(locked) >= locked.capacity:
        raise Full
    return Participation.objects.create(group_session=locked, user=actor)


def withdraw(session: GroupSession, *, actor: User) -> None:
    """Cancels the booking; without one, nothing changes."""
    Participation.objects.filter(group_session=session, user=actor, cancelled_at=None).update(
        cancelled_at=clock.now()
    )

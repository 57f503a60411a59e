"""Accounts that a club, or one class of it, does not let in."""

from django.db import transaction

from accounts.domain.access import require
from accounts.models import User
from clubs.domain import access, memberships
from clubs.enums import RequestState
from clubs.models import Ban, Club, GroupSession, JoinRequest, Membership, Participation
from fitfriends.core import clock


@transaction.atomic
def from_club(club: Club, *, user: User, actor: User) -> bool:
    """Ends the membership and every way back in; False when the ban stood already.

    Raises what memberships.remove raises: the last owner stays.
    """
    locked = memberships.lock_club(club.pk)
    require(access.may_manage_club(actor, locked), message="Only an owner decides who belongs to the club.")
    _, is_new = Ban.objects.get_or_create(club=locked, user=user, group_session=None, lifted_at=None)
    membership = Membership.objects.active().filter(club=locked, user=user).first()
    if membership is not None:
        memberships.remove(membership, actor=actor)
    waiting = JoinRequest.objects.filter(club=locked, user=user, state=RequestState.OPEN)
    waiting.update(state=RequestState.DECLINED, decided_by=actor, decided_at=clock.now())
    return is_new


@transaction.atomic
def lift_from_club(club: Club, *, user: User, actor: User) -> bool:
    """The person may come back by the club's usual doors; the old membership stays ended."""
    require(access.may_manage_club(actor, club), message="Only an owner decides who belongs to the club.")
    lasting = Ban.objects.filter(club=club, user=user, group_session=None, lifted_at=None)
    return bool(lasting.update(lifted_at=clock.now()))


@transaction.atomic
def from_class(session: GroupSession, *, user: User) -> bool:
    """Hides the class from this member and cancels their booking; False when the ban stood already.

    The caller has asked who may, and takes away what is open in the room.
    """
    _, is_new = Ban.objects.get_or_create(club_id=session.club_id, user=user, group_session=session, lifted_at=None)
    Participation.objects.filter(group_session=session, user=user, cancelled_at=None).update(cancelled_at=clock.now())
    return is_new


def lift_from_class(session: GroupSession, *, user: User) -> bool:
    """The caller has asked who may."""
    return bool(Ban.objects.filter(group_session=session, user=user, lifted_at=None).update(lifted_at=clock.now()))

"""Who belongs to a club: joining, leaving, roles. The club's row is locked first, then memberships, then classes."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from accounts.domain.access import require
from accounts.models import User
from clubs.domain import access
from clubs.enums import JoinPolicy, RequestState, Role, SessionStatus
from clubs.errors import Banned, LastOwner, NotOpen, StillTeaching
from clubs.models import Ban, Club, GroupSession, JoinRequest, Membership, Participation
from clubs.signals import membership_ended
from fitfriends.core import clock, errors

LONGEST_CLASS = timedelta(hours=8)
_RANK = {Role.MEMBER: 0, Role.MODERATOR: 1, Role.INSTRUCTOR: 2, Role.OWNER: 3}


def lock_club(club_id: int) -> Club:
    """Inside a transaction; raises NotFound when the club is gone."""
    club = Club.objects.select_for_update().filter(pk=club_id).first()
    if club is None:
        raise errors.NotFound
    return club


@transaction.atomic
def join(club: Club, *, actor: User) -> Membership:
    """Into an open club. A member stays what they are; a hidden club is not there."""
    locked = lock_club(club.pk)
    found = Membership.objects.of(actor).filter(club=locked).first()
    if found is not None:
        return found
    if not access.may_see_club(actor, locked):
        raise errors.NotFound
    if locked.join_policy != JoinPolicy.OPEN:
        raise NotOpen("This club decides who joins. Ask to be let in.")
    return admit(locked, actor)


def admit(club: Club, user: User, *, role: Role = Role.MEMBER, by: User | None = None) -> Membership:
    """For the doors of this app, inside a transaction with the club locked: the person is in, once.

    A waiting request is settled, and a role never shrinks by being let in again. Raises Banned.
    """
    require_no_ban(club, user)
    membership, is_new = Membership.objects.get_or_create(club=club, user=user, left_at=None, defaults={"role": role})
    if not is_new and _RANK[role] > _RANK[Role(membership.role)]:
        membership.role = role
        membership.save(update_fields=["role", "updated_at"])
    JoinRequest.objects.filter(club=club, user=user, state=RequestState.OPEN).update(
        state=RequestState.ACCEPTED, decided_by=by, decided_at=clock.now()
    )
    return membership


def require_no_ban(club: Club, user: User) -> None:
    """Raises Banned."""
    if Ban.objects.filter(club=club, user=user, group_session=None, lifted_at=None).exists():
        raise Banned


@transaction.atomic
def leave(club: Club, *, actor: User) -> Membership:
    """Ends every right in the club at once. Refused to the last owner, and to who still teaches there."""
    lock_club(club.pk)
    membership = Membership.objects.select_for_update().filter(club=club, user=actor, left_at=None).first()
    if membership is None:
        raise errors.NotFound
    _keep_an_owner(membership)
    if _still_to_teach(membership):
        raise StillTeaching
    return _end(membership)


@transaction.atomic
def remove(membership: Membership, *, actor: User) -> Membership:
    """Ends somebody's rights at once; an owner of the club takes over the classes they were to teach.

    Removing oneself is leaving.
    """
    if membership.user_id == actor.pk:
        return leave(membership.club, actor=actor)
    locked = _lock_for_owner(membership, actor)
    _keep_an_owner(locked)
    _hand_over(locked, actor)
    return _end(locked)


@transaction.atomic
def set_role(membership: Membership, *, actor: User, role: Role) -> Membership:
    """A smaller role ends rights at once, as leaving does; who no longer teaches hands the classes over."""
    locked = _lock_for_owner(membership, actor)
    before = Role(locked.role)
    if before == role:
        return locked
    if role != Role.OWNER:
        _keep_an_owner(locked)
    if role not in (Role.OWNER, Role.INSTRUCTOR):
        _hand_over(locked, actor)
    locked.role = role
    locked.save(update_fields=["role", "updated_at"])
    if _RANK[role] < _RANK[before]:
        _announce(locked)
    return locked


def _lock_for_owner(membership: Membership, actor: User) -> Membership:
    club = lock_club(membership.club_id)
    require(access.may_manage_club(actor, club), message="Only an owner decides about members.")
    locked = Membership.objects.select_for_update().filter(pk=membership.pk, left_at=None).first()
    if locked is None:
        raise errors.NotFound
    return locked


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    owners = Membership.objects.active().filter(club_id=membership.club_id, role=Role.OWNER, user__is_active=True)
    if not owners.exclude(pk=membership.pk).exists():
        raise LastOwner


def _still_to_teach(membership: Membership) -> list[int]:
    at = clock.now()
    sessions = GroupSession.objects.filter(
        club_id=membership.club_id,
        instructor_id=membership.user_id,
        status=SessionStatus.SCHEDULED,
        starts_at__gt=at - LONGEST_CLASS,
    )
    return [session.pk for session in sessions if session.ends_at > at]


def _hand_over(membership: Membership, actor: User) -> None:
    """To the acting owner; when an operator acts, to the owner who has been there longest."""
    coming = _still_to_teach(membership)
    if not coming:
        return
    owners = Membership.objects.active().filter(club_id=membership.club_id, role=Role.OWNER, user__is_active=True)
    others = owners.exclude(pk=membership.pk)
    heir = others.filter(user=actor).first() or others.order_by("joined_at", "pk").first()
    if heir is None:
        raise LastOwner
    GroupSession.objects.filter(pk__in=coming).update(instructor=heir.user_id, updated_at=clock.now())


def _end(membership: Membership) -> Membership:
    at = clock.now()
    membership.left_at = at
    membership.save(update_fields=["left_at", "updated_at"])
    seats = Participation.objects.filter(
        Q(group_session__club_id=membership.club_id),
        user_id=membership.user_id,
        cancelled_at=None,
        group_session__starts_at__gt=at - LONGEST_CLASS,
    ).select_related("group_session")
    given_up = [seat.pk for seat in seats if seat.group_session.ends_at > at]
    Participation.objects.filter(pk__in=given_up).update(cancelled_at=at)
    _announce(membership)
    return membership


def _announce(membership: Membership) -> None:
    transaction.on_commit(partial(membership_ended.send_robust, sender=Membership, membership=membership))

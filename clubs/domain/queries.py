"""The read side: what a person finds when they look. What they may not know of is NotFound."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.domain.access import Viewer, require
from accounts.models import User
from clubs.domain import access, invitations
from clubs.enums import RequestState
from clubs.models import Club, GroupSession, Invitation, JoinRequest, Membership, Participation
from fitfriends.core import errors


def clubs_for(user: Viewer, *, mine: bool = False) -> QuerySet[Club]:
    found = Club.objects.visible_to(user).described_for(user)
    return found.of_member(user) if mine else found


def club(club_id: int, *, user: Viewer) -> Club:
    found = clubs_for(user).filter(pk=club_id).first()
    if found is None:
        raise errors.NotFound
    return found


def memberships_of(shown: Club, *, user: Viewer) -> QuerySet[Membership]:
    """The people of a club, for its people; the club itself must have been found by `club`."""
    inside = access.may_manage_club(user, shown) or access.role_in(shown.pk, user) is not None
    require(inside, code="clubs:members-only", message="Only members see who is in this club.")
    return Membership.objects.active().filter(club=shown).select_related("user")


def membership(membership_id: int, *, club_id: int, user: Viewer) -> Membership:
    found = memberships_of(club(club_id, user=user), user=user).filter(pk=membership_id).first()
    if found is None:
        raise errors.NotFound
    return found


def _managed(club_id: int, user: Viewer) -> Club:
    shown = club(club_id, user=user)
    require(access.may_manage_club(user, shown), message="Only an owner of the club may do this.")
    return shown


def open_requests(club_id: int, *, user: Viewer) -> QuerySet[JoinRequest]:
    rows = JoinRequest.objects.filter(club=_managed(club_id, user), state=RequestState.OPEN)
    return rows.select_related("user")


def request(request_id: int, *, club_id: int, user: Viewer) -> JoinRequest:
    found = JoinRequest.objects.filter(club=_managed(club_id, user), pk=request_id).select_related("user").first()
    if found is None:
        raise errors.NotFound
    return found


def open_invitations(club_id: int, *, user: Viewer) -> QuerySet[Invitation]:
    return invitations.open_of(_managed(club_id, user))


def invitation(invitation_id: int, *, club_id: int, user: Viewer) -> Invitation:
    found = open_invitations(club_id, user=user).filter(pk=invitation_id).select_related("club").first()
    if found is None:
        raise errors.NotFound
    return found


def schedule_of(
    user: Viewer,
    *,
    starts_after: datetime | None = None,
    starts_before: datetime | None = None,
    club_id: int | None = None,
    mine: bool = False,
) -> QuerySet[GroupSession]:
    """The classes of one's clubs; `mine` leaves those that one has booked."""
    found = GroupSession.objects.visible_to(user).described_for(user)
    if starts_after is not None:
        found = found.filter(starts_at__gte=starts_after)
    if starts_before is not None:
        found = found.filter(starts_at__lt=starts_before)
    if club_id is not None:
        found = found.filter(club_id=club_id)
    return found.booked_by(user) if mine else found


def session(session_id: int, *, user: Viewer) -> GroupSession:
    found = schedule_of(user).filter(pk=session_id).first()
    if found is None:
        raise errors.NotFound
    return found


def participations_of(session_id: int, *, user: Viewer) -> QuerySet[Participation]:
    rows = Participation.objects.filter(group_session=session(session_id, user=user), cancelled_at=None)
    return rows.select_related("user")


def teacher(user_id: int, *, club_id: int) -> User:
    """Somebody who may be named as instructor; the same answer for whoever is not in the club at all."""
    found = (
        Membership.objects.active().staff().filter(club_id=club_id, user_id=user_id).select_related("user").first()
    )
    if found is None:
        raise errors.Invalid(fields={"instructor_id": ["This person does not teach in this club."]})
    return found.user

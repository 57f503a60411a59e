"""The queryset twins of domain/access.py: which rows may this person see or run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.domain.access import Viewer, is_operator
from clubs.enums import JoinPolicy, Role

if TYPE_CHECKING:
    from clubs.models import Club, GroupSession, Membership  # noqa: F401 -- named in the class heads


def knows_rules() -> Combinable:
    """Of a membership: has accepted the club's house rules as they are, or there are none."""
    read = Q(club__house_rules="") | Q(rules_read__gte=F("club__rules_version"))
    return ExpressionWrapper(read, output_field=models.BooleanField())


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(left_at__isnull=True)

    def of(self, user: Viewer) -> Self:
        return self.active().filter(user_id=user.pk, user__is_active=True)

    def staff(self) -> Self:
        """Owners and instructors."""
        return self.filter(role__in=[Role.OWNER, Role.INSTRUCTOR])

    def in_class(self, session: int | OuterRef) -> models.QuerySet[Any]:
        """With `class_role`, the role as this class sees it; without whom the class has banned.

        A grant makes a member a moderator for this class; a ban does not touch those who teach or own.
        """
        from clubs.models import Ban, SessionModerator

        here = {"group_session": session, "user_id": OuterRef("user_id")}
        banned = Exists(Ban.objects.filter(lifted_at=None, **here))
        granted = Exists(SessionModerator.objects.filter(**here))
        return self.exclude(banned, ~Q(role__in=[Role.OWNER, Role.INSTRUCTOR])).annotate(
            class_role=Case(When(granted, role=Role.MEMBER, then=Value(Role.MODERATOR)), default=F("role"))
        )


def _membership_of(user: Viewer, club: str, roles: list[Role] | None = None) -> Exists:
    from clubs.models import Membership

    found = Membership.objects.of(user).filter(club_id=OuterRef(club))
    return Exists(found.filter(role__in=roles) if roles else found)


def _membership_in_class(user: Viewer) -> Exists:
    from clubs.models import Membership

    return Exists(Membership.objects.of(user).filter(club_id=OuterRef("club_id")).in_class(OuterRef(OuterRef("pk"))))


def _booking_of(user: Viewer) -> Exists:
    from clubs.models import Participation

    bookings = Participation.objects.filter(group_session_id=OuterRef("pk"), cancelled_at=None)
    return Exists(bookings.filter(user_id=user.pk or 0))


class ClubQuerySet(models.QuerySet["Club"]):
    def visible_to(self, user: Viewer) -> Self:
        """Twin of access.may_see_club: clubs by invitation are hidden from those outside."""
        public = ~Q(join_policy=JoinPolicy.INVITATION)
        if not user.is_authenticated:
            return self.filter(public)
        return self if is_operator(user) else self.filter(public | Q(_membership_of(user, "pk")))

    def of_member(self, user: Viewer) -> Self:
        return self.filter(_membership_of(user, "pk"))

    def described_for(self, user: Viewer) -> Self:
        """With `member_count` and the reader's own `my_role` ('' for none)."""
        from clubs.models import Membership

        mine = Membership.objects.of(user).filter(club_id=OuterRef("pk")).values("role")[:1]
        return self.annotate(
            member_count=Count("memberships", filter=Q(memberships__left_at=None)),
            my_role=Coalesce(Subquery(mine), Value("")),
        )

    def managed_by(self, user: Viewer) -> Self:
        """Twin of access.may_manage_club."""
        if not user.is_authenticated:
            return self.none()
        return self if is_operator(user) else self.filter(_membership_of(user, "pk", [Role.OWNER]))

    def staffed_by(self, user: Viewer) -> Self:
        """Twin of access.may_teach_in: clubs where this person is owner or instructor."""
        if not user.is_authenticated:
            return self.none()
        return self if is_operator(user) else self.filter(_membership_of(user, "pk", [Role.OWNER, Role.INSTRUCTOR]))


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def visible_to(self, user: Viewer) -> Self:
        """Twin of access.may_see_session: a club's schedule is for its members; a class hides from whom it banned."""
        if not user.is_authenticated:
            return self.none()
        return self if is_operator(user) else self.filter(_membership_in_class(user))

    def described_for(self, user: Viewer) -> Self:
        """With club and instructor, `participant_count` and whether the reader `takes_part`."""
        return self.select_related("club", "instructor").annotate(
            participant_count=Count("participations", filter=Q(participations__cancelled_at=None)),
            takes_part=_booking_of(user),
        )

    def booked_by(self, user: Viewer) -> Self:
        return self.filter(_booking_of(user))

    def managed_by(self, user: Viewer) -> Self:
        """Twin of access.may_manage_session: its instructor while still teaching there, and the club's owners."""
        if not user.is_authenticated:
            return self.none()
        if is_operator(user):
            return self
        teaches = Q(instructor_id=user.pk) & Q(_membership_of(user, "club_id", [Role.OWNER, Role.INSTRUCTOR]))
        return self.filter(teaches | Q(_membership_of(user, "club_id", [Role.OWNER])))

"""The queryset twins of domain/access.py: which rows may this person see or run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from clubs.enums import JoinPolicy, Role

if TYPE_CHECKING:
    from accounts.models import User
    from clubs.models import Club, GroupSession, Membership  # noqa: F401 -- named in the class heads

type Person = User | AnonymousUser


def is_operator(user: Person) -> bool:
    """An operator of the platform, while their account is active."""
    return user.is_authenticated and user.is_active and user.is_staff


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(left_at__isnull=True)

    def of(self, user: Person) -> Self:
        return self.active().filter(user_id=user.pk, user__is_active=True)

    def staff(self) -> Self:
        """Owners and instructors."""
        return self.filter(role__in=[Role.OWNER, Role.INSTRUCTOR])


def _membership_of(user: Person, club: str, roles: list[Role] | None = None) -> Exists:
    from clubs.models import Membership

    found = Membership.objects.of(user).filter(club_id=OuterRef(club))
    return Exists(found.filter(role__in=roles) if roles else found)


def _seat_of(user: Person) -> Exists:
    from clubs.models import Participation

    seats = Participation.objects.filter(group_session_id=OuterRef("pk"), cancelled_at=None)
    return Exists(seats.filter(user_id=user.pk or 0))


class ClubQuerySet(models.QuerySet["Club"]):
    def visible_to(self, user: Person) -> Self:
        """Twin of access.may_see_club: clubs by invitation are hidden from those outside."""
        public = ~Q(join_policy=JoinPolicy.INVITATION)
        if not user.is_authenticated:
            return self.filter(public)
        return self if is_operator(user) else self.filter(public | Q(_membership_of(user, "pk")))

    def of_member(self, user: Person) -> Self:
        return self.filter(_membership_of(user, "pk"))

    def described_for(self, user: Person) -> Self:
        """With `member_count` and the reader's own `my_role` ('' for none)."""
        from clubs.models import Membership

        mine = Membership.objects.of(user).filter(club_id=OuterRef("pk")).values("role")[:1]
        return self.annotate(
            member_count=Count("memberships", filter=Q(memberships__left_at=None)),
            my_role=Coalesce(Subquery(mine), Value("")),
        )

    def managed_by(self, user: Person) -> Self:
        """Twin of access.may_manage_club."""
        if not user.is_authenticated:
            return self.none()
        return self if is_operator(user) else self.filter(_membership_of(user, "pk", [Role.OWNER]))

    def staffed_by(self, user: Person) -> Self:
        """Twin of access.may_teach_in: clubs where this person is owner or instructor."""
        if not user.is_authenticated:
            return self.none()
        return self if is_operator(user) else self.filter(_membership_of(user, "pk", [Role.OWNER, Role.INSTRUCTOR]))


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def visible_to(self, user: Person) -> Self:
        """Twin of access.may_see_session: a club's schedule is for its members."""
        if not user.is_authenticated:
            return self.none()
        return self if is_operator(user) else self.filter(_membership_of(user, "club_id"))

    def described_for(self, user: Person) -> Self:
        """With club and instructor, `participant_count` and whether the reader `takes_part`."""
        return self.select_related("club", "instructor").annotate(
            participant_count=Count("participations", filter=Q(participations__cancelled_at=None)),
            takes_part=_seat_of(user),
        )

    def with_seat_of(self, user: Person) -> Self:
        return self.filter(_seat_of(user))

    def managed_by(self, user: Person) -> Self:
        """Twin of access.may_manage_session: its instructor while still teaching there, and the club's owners."""
        if not user.is_authenticated:
            return self.none()
        if is_operator(user):
            return self
        teaches = Q(instructor_id=user.pk) & Q(_membership_of(user, "club_id", [Role.OWNER, Role.INSTRUCTOR]))
        return self.filter(teaches | Q(_membership_of(user, "club_id", [Role.OWNER])))

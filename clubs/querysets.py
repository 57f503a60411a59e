"""The queryset twins of domain/access.py: which rows may this person see or run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

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


class ClubQuerySet(models.QuerySet["Club"]):
    def visible_to(self, user: Person) -> Self:
        """Twin of access.may_see_club: clubs by invitation are hidden from those outside."""
        public = ~Q(join_policy=JoinPolicy.INVITATION)
        if not user.is_authenticated:
            return self.filter(public)
        return self if is_operator(user) else self.filter(public | Q(_membership_of(user, "pk")))

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

    def managed_by(self, user: Person) -> Self:
        """Twin of access.may_manage_session: its instructor while still teaching there, and the club's owners."""
        if not user.is_authenticated:
            return self.none()
        if is_operator(user):
            return self
        teaches = Q(instructor_id=user.pk) & Q(_membership_of(user, "club_id", [Role.OWNER, Role.INSTRUCTOR]))
        return self.filter(teaches | Q(_membership_of(user, "club_id", [Role.OWNER])))

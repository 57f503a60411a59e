"""Who may do what in clubs. Every predicate has a queryset twin in clubs/querysets.py; a test proves they agree."""

from dataclasses import dataclass
from datetime import datetime

from accounts.domain.access import Viewer, is_operator
from clubs.enums import JoinPolicy, Role
from clubs.models import Club, GroupSession, Membership
from clubs.querysets import knows_rules

_STAFF = (Role.OWNER, Role.INSTRUCTOR)


def role_in(club_id: int, user: Viewer) -> Role | None:
    """The person's current role in the club, None for a stranger or an ex-member. One query."""
    if not user.is_authenticated or not user.is_active:
        return None
    role = Membership.objects.of(user).filter(club_id=club_id).values_list("role", flat=True).first()
    return Role(role) if role else None


@dataclass(frozen=True, slots=True)
class ClassMembership:
    """What somebody is to a class: their role as the class sees it, since when they are in the club, and whether they
    have accepted its house rules as they are.
    """

    role: Role
    joined_at: datetime
    knows_rules: bool


def class_membership(session: GroupSession, user: Viewer) -> ClassMembership | None:
    """None for a stranger, an ex-member, and whom the class has banned. One query."""
    if not user.is_authenticated or not user.is_active:
        return None
    mine = Membership.objects.of(user).filter(club_id=session.club_id)
    row = (
        mine.in_class(session.pk)
        .annotate(knows_rules=knows_rules())
        .values_list("class_role", "joined_at", "knows_rules")
        .first()
    )
    return ClassMembership(Role(row[0]), row[1], row[2]) if row else None


def may_see_club(user: Viewer, club: Club) -> bool:
    if club.join_policy != JoinPolicy.INVITATION or is_operator(user):
        return True
    return role_in(club.pk, user) is not None


def may_manage_club(user: Viewer, club: Club) -> bool:
    return is_operator(user) or role_in(club.pk, user) == Role.OWNER


def may_teach_in(user: Viewer, club: Club) -> bool:
    return is_operator(user) or role_in(club.pk, user) in _STAFF


def may_enter_admin(user: Viewer) -> bool:
    """Operators, and whoever runs or teaches in a club."""
    return is_operator(user) or (user.is_authenticated and Membership.objects.of(user).staff().exists())


def may_see_session(user: Viewer, session: GroupSession) -> bool:
    return is_operator(user) or class_membership(session, user) is not None


def may_manage_session(user: Viewer, session: GroupSession) -> bool:
    if is_operator(user):
        return True
    role = role_in(session.club_id, user)
    return role == Role.OWNER or (role == Role.INSTRUCTOR and session.instructor_id == user.pk)

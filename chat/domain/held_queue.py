"""What waits to be let in, over all classes of a club."""

from django.db.models import Q, QuerySet

from accounts.models import User
from chat.enums import Review
from chat.models import HeldMessage
from clubs.domain import access
from clubs.enums import Role
from clubs.models import Club, SessionModerator

SHOWN_AT_MOST = 100


def of_club(club: Club, *, user: User) -> QuerySet[HeldMessage]:
    """Oldest first: all of it for owners, moderators and operators, for others that of the classes they keep."""
    rows = HeldMessage.objects.filter(room__stream__group_session__club=club, review=Review.WAITING)
    if not access.may_manage_club(user, club) and access.role_in(club.pk, user) != Role.MODERATOR:
        grants = SessionModerator.objects.filter(user=user).values("group_session_id")
        session = "room__stream__group_session"
        rows = rows.filter(Q(**{f"{session}__instructor": user}) | Q(**{f"{session}__in": grants}))
    return rows.select_related("author", "room__stream").order_by("pk")[:SHOWN_AT_MOST]

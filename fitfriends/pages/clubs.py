"""Clubs to find, a club to look at."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.domain.access import Viewer
from accounts.models import User
from chat.moderation import unban
from chat.moderation.reports import queue as report_queue
from clubs.domain import access
from clubs.enums import RequestState, Role, SessionStatus
from clubs.models import Club, GroupSession, JoinRequest, Membership
from fitfriends.core import clock, errors
from fitfriends.pages.class_cards import Card, cards

SHOWN_CLUBS = 200
SHOWN_MEMBERS = 200
COMING = 10


@dataclass(frozen=True, slots=True)
class Row:
    club: Club
    role: str
    member_count: int


@require_GET
def clubs(request: HttpRequest) -> HttpResponse:
    """One's own clubs first, then those that let people know of them."""
    mine: dict[int, str] = {}
    if isinstance(request.user, User):
        mine = dict(request.user.memberships.filter(left_at__isnull=True).values_list("club_id", "role"))
    found = list(Club.objects.visible_to(request.user).order_by("name", "pk")[:SHOWN_CLUBS])
    sizes = _sizes(found)
    rows = [Row(club, mine.get(club.pk, ""), sizes.get(club.pk, 0)) for club in found]
    rows.sort(key=lambda row: not row.role)
    return render(request, "pages/clubs.html", {"rows": rows})


def _sizes(shown: list[Club]) -> dict[int, int]:
    present = Membership.objects.active().filter(club__in=shown)
    return dict(present.values_list("club_id").annotate(number=Count("pk")))


def club_for(user: Viewer, slug: str) -> Club:
    """The club, or NotFound for whoever may not know of it."""
    found = Club.objects.visible_to(user).filter(slug=slug).first()
    if found is None:
        raise errors.NotFound
    return found


@require_GET
def club(request: HttpRequest, slug: str) -> HttpResponse:
    user = request.user
    shown = club_for(user, slug)
    role = access.role_in(shown.pk, user)
    present = shown.memberships.active().select_related("user").order_by("joined_at", "pk")
    inside = isinstance(user, User) and (role is not None or user.is_staff)
    manages = access.may_manage_club(user, shown)
    context = {
        "club": shown,
        "role": role or "",
        "sees_schedule": inside,
        "coming": _coming(user, shown) if isinstance(user, User) and inside else [],
        "instructors": present.filter(role__in=[Role.OWNER, Role.INSTRUCTOR]),
        "members": list(present[:SHOWN_MEMBERS]) if inside else [],
        "member_count": present.count(),
        "manages": manages,
        "teaches_here": access.may_teach_in(user, shown),
        "moderates": report_queue.may_look(user, shown),
        "open_reports": report_queue.of_club(shown, user=user).count(),
        "roles": Role.choices,
        "banned": unban.standing(shown) if manages else [],
        "waiting": _is_waiting(user, shown),
        "join_requests": _open_requests(shown) if manages else [],
    }
    return render(request, "pages/club.html", context)


def _coming(user: User, shown: Club) -> list[Card]:
    sessions = GroupSession.objects.visible_to(user).filter(club=shown, status=SessionStatus.SCHEDULED)
    return [
        card
        for card in cards(user, sessions.filter(starts_at__gte=clock.now()).order_by("starts_at")[:COMING])
        if not card.is_over
    ]


def _is_waiting(user: Viewer, shown: Club) -> bool:
    if not isinstance(user, User):
        return False
    return JoinRequest.objects.filter(club=shown, user=user, state=RequestState.OPEN).exists()


def _open_requests(shown: Club) -> list[JoinRequest]:
    return list(shown.join_requests.filter(state=RequestState.OPEN).select_related("user").order_by("pk")[:100])

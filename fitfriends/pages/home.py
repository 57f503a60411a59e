"""The front page, the week and one's own classes."""

from datetime import timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from clubs.enums import SessionStatus
from clubs.models import Club, GroupSession
from fitfriends.core import clock
from fitfriends.pages.class_cards import cards, on_now
from fitfriends.pages.decorators import page
from fitfriends.pages.week import week_from

COMING = 8
PAST = 20


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        return render(request, "pages/home.html")
    now = on_now(user)
    at = clock.now()
    sessions = GroupSession.objects.visible_to(user).filter(
        status=SessionStatus.SCHEDULED,
        starts_at__gte=at - timedelta(minutes=30),
        starts_at__lt=at + timedelta(days=7),
    )
    coming = sessions.exclude(pk__in=[card.session.pk for card in now]).order_by("starts_at")[:COMING]
    clubs = Club.objects.filter(memberships__user=user, memberships__left_at__isnull=True).order_by("name")
    context = {"now": now, "coming": [card for card in cards(user, coming) if not card.is_over], "clubs": clubs}
    return render(request, "pages/home.html", context)


@page
def schedule(request: HttpRequest, user: User) -> HttpResponse:
    """A week of the reader's clubs by the reader's days; what is on now stands on top."""
    week = week_from(request.GET.get("from", ""))
    sessions = GroupSession.objects.visible_to(user).filter(starts_at__gte=week.begins, starts_at__lt=week.ends)
    zone = timezone.get_current_timezone()
    rows = cards(user, sessions.order_by("starts_at", "pk"))
    days = [
        {"date": day, "is_today": day == week.today, "cards": list(found)}
        for day, found in groupby(rows, key=lambda card: card.session.starts_at.astimezone(zone).date())
    ]
    context = {
        "week": week,
        "days": days,
        "now": on_now(user) if week.has_today else [],
        "has_club": bool(days) or user.memberships.filter(left_at__isnull=True).exists(),
        "zone_words": timezone.get_current_timezone_name().replace("_", " "),
    }
    return render(request, "pages/schedule.html", context)


@page
def my_classes(request: HttpRequest, user: User) -> HttpResponse:
    """Where the reader saved a seat; a class of a club they left is no longer theirs to see."""
    mine = GroupSession.objects.visible_to(user).filter(
        participations__user=user, participations__cancelled_at__isnull=True
    )
    at = clock.now()
    recent = cards(user, mine.filter(starts_at__gte=at - timedelta(hours=12)).order_by("starts_at")[:100])
    older = cards(user, mine.filter(starts_at__lt=at - timedelta(hours=12)).order_by("-starts_at")[:PAST])
    over = [card for card in reversed(recent) if card.is_over]
    context = {"coming": [card for card in recent if not card.is_over], "past": [*over, *older][:PAST]}
    return render(request, "pages/my_classes.html", context)

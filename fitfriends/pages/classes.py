"""The class page: lobby, room, thanks, or the word that it is cancelled."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from chat.moderation.enums import Why
from clubs.domain import access
from clubs.enums import Role, SessionStatus
from clubs.models import GroupSession
from fitfriends.core import clock, errors
from fitfriends.pages.class_cards import Card, cards
from fitfriends.pages.decorators import page
from streaming.domain.access import may_see_key
from streaming.domain.snapshot import state_of
from streaming.enums import EndReason, State
from streaming.models import Stream, Viewing

SHOWN_FACES = 24
FOLLOWING = 3


def session_for(user: User, session_id: int) -> GroupSession:
    """The class, or NotFound for whoever may not know of it."""
    session = GroupSession.objects.visible_to(user).select_related("club", "instructor").filter(pk=session_id).first()
    if session is None:
        raise errors.NotFound
    return session


@page
def class_page(request: HttpRequest, user: User, session_id: int) -> HttpResponse:
    session = session_for(user, session_id)
    [card] = cards(user, GroupSession.objects.filter(pk=session.pk))
    view = _view(card)
    runs = access.may_manage_session(user, session)
    faces = User.objects.filter(
        participations__group_session=session, participations__cancelled_at__isnull=True
    ).order_by("participations__created_at")
    coming_count = faces.count()
    open_stream = card.stream if card.stream and card.stream.is_open else None
    context = {
        "session": session,
        "card": card,
        "stream": card.stream,
        "open_stream": open_stream,
        "state": _state(card, runs=runs),
        "view": view,
        "may_run": runs,
        "may_broadcast": runs and open_stream is not None and may_see_key(user, open_stream),
        "coming": list(faces[:SHOWN_FACES]),
        "coming_count": coming_count,
        "coming_rest": max(0, coming_count - SHOWN_FACES),
        "waiting_for_start": session.starts_at <= clock.now(),
        "rules_unread": _rules_unread(user, session),
        "report_reasons": Why.choices,
        "was_there": _was_there(user, card.stream),
        "ended_early": _closed_by_itself(card.stream),
        "following": _following(user, session) if view == "thanks" else [],
    }
    return render(request, "pages/class.html", context)


def _view(card: Card) -> str:
    if card.is_cancelled:
        return "cancelled"
    if card.is_over:
        return "thanks"
    return "room" if card.is_open else "lobby"


def _state(card: Card, *, runs: bool) -> str:
    """What the page's script begins with; a preview is nobody's business but of those who run the class."""
    if card.is_cancelled:
        return "cancelled"
    if card.is_over:
        return State.ENDED
    if card.stream is None or not card.stream.is_open:
        return State.SCHEDULED
    return state_of(card.stream, runs=runs).state


def _was_there(user: User, stream: Stream | None) -> bool:
    return stream is not None and Viewing.objects.filter(stream=stream, user=user).exists()


def _closed_by_itself(stream: Stream | None) -> bool:
    return stream is not None and stream.end_reason in (EndReason.SIGNAL_LOST, EndReason.OVERTIME)


def _rules_unread(user: User, session: GroupSession) -> bool:
    """The talk shows the club's house rules before this person's first message."""
    membership = access.class_membership(session, user)
    return membership is not None and membership.role == Role.MEMBER and not membership.knows_rules


def _following(user: User, session: GroupSession) -> list[Card]:
    later = GroupSession.objects.visible_to(user).filter(
        club=session.club, starts_at__gt=clock.now(), status=SessionStatus.SCHEDULED
    )
    return cards(user, later.exclude(pk=session.pk).order_by("starts_at")[:FOLLOWING])

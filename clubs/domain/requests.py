"""Asking to join a club that decides who comes in."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from accounts.domain.access import require
from accounts.models import User
from clubs.domain import access, memberships
from clubs.enums import JoinPolicy, RequestState, Role
from clubs.errors import AlreadyDecided, AlreadyMember, NotOpen, TooManyRequests
from clubs.models import Club, JoinRequest, Membership
from fitfriends.core import clock, errors
from fitfriends.core.text import clean_text
from notifications.domain import notify
from notifications.enums import Kind

MESSAGE_LENGTH = 500
MAX_A_MONTH = 5


def ask(club: Club, *, actor: User, message: str = "") -> JoinRequest:
    """One request waits at a time; asking again returns it. The club's owners are told."""
    if not access.may_see_club(actor, club):
        raise errors.NotFound
    if access.role_in(club.pk, actor) is not None:
        raise AlreadyMember("You belong to this club already.")
    memberships.require_no_ban(club, actor)
    if club.join_policy != JoinPolicy.REQUEST:
        raise NotOpen
    waiting = JoinRequest.objects.filter(club=club, user=actor, state=RequestState.OPEN)
    try:
        with transaction.atomic():
            return waiting.first() or _ask(club, actor, message)
    except IntegrityError:  # two clicks at once: the constraint kept one
        return waiting.get()


def _ask(club: Club, actor: User, message: str) -> JoinRequest:
    recent = JoinRequest.objects.filter(club=club, user=actor, created_at__gt=clock.now() - timedelta(days=30))
    if recent.count() >= MAX_A_MONTH:
        raise TooManyRequests(retry_after=24 * 3600)
    asked = JoinRequest.objects.create(club=club, user=actor, message=clean_text(message, MESSAGE_LENGTH))
    owners = User.objects.filter(
        memberships__club=club, memberships__role=Role.OWNER, memberships__left_at=None, is_active=True
    )
    notify.tell(
        owners,
        kind=Kind.CLUB_REQUEST,
        occasion=f"club:{club.pk}:request:{asked.pk}",
        title=f"{actor} asks to join {club}",
        body=asked.message,
        url=f"/clubs/{club.slug}",
    )
    return asked


@transaction.atomic
def accept(asked: JoinRequest, *, actor: User) -> Membership:
    """Lets the person in and tells them."""
    club = memberships.lock_club(asked.club_id)
    _decide(asked, club, actor, RequestState.ACCEPTED)
    membership = memberships.admit(club, asked.user, by=actor)
    notify.tell(
        [asked.user],
        kind=Kind.CLUB_WELCOME,
        occasion=f"club:{club.pk}:welcome:{membership.pk}",
        title=f"Welcome to {club}",
        body="Its classes stand in your schedule now.",
        url=f"/clubs/{club.slug}",
    )
    return membership


@transaction.atomic
def decline(asked: JoinRequest, *, actor: User) -> JoinRequest:
    """The person is not told: no answer is kinder than a machine's no, and they may ask again."""
    club = memberships.lock_club(asked.club_id)
    return _decide(asked, club, actor, RequestState.DECLINED)


def _decide(asked: JoinRequest, club: Club, actor: User, state: RequestState) -> JoinRequest:
    require(access.may_manage_club(actor, club), message="Only an owner decides who joins.")
    rows = JoinRequest.objects.filter(pk=asked.pk, state=RequestState.OPEN)
    if not rows.update(state=state, decided_by=actor, decided_at=clock.now()):
        raise AlreadyDecided
    asked.refresh_from_db()
    return asked

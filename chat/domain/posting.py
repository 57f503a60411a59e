"""Posting: a message is judged by the club's filter and the room's settings, stored, and told to the room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from chat.domain import club_filter as club_filters
from chat.domain import delay, filtering, held, messages, people, rooms
from chat.domain.room_settings import RoomSettings, Speaker, require, settings_from
from chat.enums import Outcome, Review, Rule
from chat.errors import Held, Refused, Rejected, Wait
from chat.frames.media_time import bounded
from chat.models import HeldMessage, Message, Room
from fitfriends.core import clock
from fitfriends.core.errors import DomainError
from streaming.enums import ClassRole


@dataclass(frozen=True, slots=True)
class Posted:
    message: Message
    is_new: bool


def post(
    room: Room,
    *,
    author: User,
    role: ClassRole,
    text: str,
    client_id: str | None = None,
    joined_at: datetime | None = None,
    media_time: int | None = None,
) -> Posted:
    """Stores a message as the club's filter lets it through, and tells the room after the commit.

    `text` has been cleaned. `joined_at`: since when the author is in the club. `media_time`: what the author saw; it
    is kept when it lies within the class (media_time.py). Sending again with the same client_id returns the first
    message and tells nobody, whatever settings changed in between.

    Raises what the room's settings forbid (room_settings.py), Refused by the club's filter, Held when it waits for a
    moderator, Rejected when a moderator turned it away.
    """
    seen = bounded(media_time, started_at=room.stream.started_at, at=clock.now())
    try:
        return _post(room, author, Speaker(author.pk, role, joined_at), text, client_id, media_time=seen)
    except DomainError:
        first = _said_before(room, author, client_id)
        if first is None:
            raise
        return Posted(first, is_new=False)


def _post(
    room: Room, author: User, speaker: Speaker, text: str, client_id: str | None, *, media_time: int | None
) -> Posted:
    club_filter = club_filters.of_club(room.stream.group_session.club_id)
    recent = [] if speaker.role.moderates else _recent(room, author, club_filter, client_id)
    verdict = filtering.judge(text, rules=club_filter, recent=recent, runs_class=speaker.role.moderates)
    if verdict.outcome not in (Outcome.HOLD, Outcome.REFUSE):
        return _store(room, author, speaker, verdict.text, client_id, media_time=media_time)
    _require_allowed(room, settings_from(room), speaker, text)  # who may not write now is told that first
    if verdict.outcome is Outcome.REFUSE:
        code, explanation = filtering.REFUSALS[verdict.reasons[0]]
        raise Refused(explanation, code=code)
    raise _kept(room, author, speaker, verdict.text, client_id, reasons=verdict.reasons, media_time=media_time)


def _kept(
    room: Room,
    author: User,
    speaker: Speaker,
    text: str,
    client_id: str | None,
    *,
    reasons: Sequence[str],
    media_time: int | None,
    seconds: int | None = None,
) -> Held | Rejected:
    """Holds the message and returns what its sender is told. `seconds`: it is released by itself after these."""
    kept = held.keep(
        room,
        author=author,
        role=speaker.role,
        text=text,
        client_id=client_id,
        reasons=reasons,
        due_at=None if seconds is None else clock.now() + timedelta(seconds=seconds),
        media_time=media_time,
    )
    return Rejected() if kept.review == Review.REJECTED else Held(kept.pk)


class _Delayed(Exception):
    """Raised inside the transaction, so that the number is given back."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds


def _store(
    room: Room, author: User, speaker: Speaker, text: str, client_id: str | None, *, media_time: int | None
) -> Posted:
    try:
        with transaction.atomic():
            grant = rooms.grant_sequence(room)
            _require_allowed(room, grant.settings, speaker, text)
            _require_no_delay(grant.settings, speaker)
            message = messages.store(
                room,
                grant.seq,
                author=author,
                author_name=people.name_of(author),
                author_role=str(speaker.role),
                text=text,
                client_id=client_id,
                media_time=media_time,
            )
    except _Delayed as later:
        raise _kept(
            room,
            author,
            speaker,
            text,
            client_id,
            reasons=[delay.REASON],
            media_time=media_time,
            seconds=later.seconds,
        ) from None
    except IntegrityError:
        # The constraint decides which of two copies is the message; the rollback gave the number back.
        first = _said_before(room, author, client_id)
        if first is None:
            raise
        return Posted(first, is_new=False)
    return Posted(message, is_new=True)


def _require_no_delay(settings: RoomSettings, speaker: Speaker) -> None:
    if settings.delay_seconds and not speaker.role.moderates:
        raise _Delayed(settings.delay_seconds)


def _said_before(room: Room, author: User, client_id: str | None) -> Message | None:
    return Message.objects.filter(room=room, author=author, client_id=client_id).first() if client_id else None


def _require_allowed(room: Room, settings: RoomSettings, speaker: Speaker, text: str) -> None:
    """Raises what forbids this message now. Costs a query only in slow mode."""
    at = clock.now()
    require(settings, speaker, text, at=at)
    if not settings.slow_seconds or speaker.role.moderates:
        return
    since = at - timedelta(seconds=settings.slow_seconds)
    said = Message.objects.filter(room=room, author_id=speaker.user_id, sent_at__gt=since)
    delayed = HeldMessage.objects.filter(
        room=room, author_id=speaker.user_id, held_at__gt=since, due_at__isnull=False
    )
    times = said.values_list("sent_at").union(delayed.exclude(review=Review.REJECTED).values_list("held_at"))
    last = max((time for (time,) in times), default=None)
    if last is not None:
        raise Wait(clock.to_ms(last + timedelta(seconds=settings.slow_seconds)), now=clock.to_ms(at))


def _recent(room: Room, author: User, club_filter: filtering.CompiledFilter, client_id: str | None) -> list[str]:
    """The author's recent texts, without an earlier copy of this message. Empty when repeats are allowed."""
    if not club_filter.watches(Rule.REPEATS):
        return []
    since = clock.now() - timedelta(seconds=club_filter.repeat_seconds)
    said = Message.objects.filter(room=room, author=author, sent_at__gte=since, deleted_at=None)
    waiting = HeldMessage.objects.filter(room=room, author=author, held_at__gte=since)
    rows = said.values_list("text", "client_id").union(waiting.values_list("text", "client_id"))
    return [text for text, sent_as in rows if client_id is None or sent_as != client_id]

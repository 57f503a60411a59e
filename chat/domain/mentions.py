"""`@name` mentions a member of the club: who is mentioned, and who is told because they are not in the room."""

import logging
from collections.abc import Iterator

import kombu.exceptions
import redis.exceptions
from celery import signature
from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Length

from accounts.models import User
from chat.domain import club_filter
from chat.limits import NAME_CHARACTERS
from chat.models import Message
from clubs.models import Membership
from fitfriends.core import clock
from notifications.domain import notify
from notifications.enums import Kind
from streaming.domain import access as streaming_access
from streaming.domain.watching import presence

log = logging.getLogger(__name__)


def tell_later(message: Message) -> None:
    """Queues `tell` for after the commit. A message without a mention costs nothing."""
    if "@" in message.text:
        transaction.on_commit(lambda: _queue(message.pk))


def _queue(message_id: int) -> None:
    try:
        # By its name: tasks import the domain, not the other way round.
        signature("chat.tasks.tell_mentioned", args=(message_id,)).delay()
    except (kombu.exceptions.OperationalError, redis.exceptions.RedisError):  # the message itself is not lost
        log.warning(
            "Nobody is told who is mentioned in message %d: Redis does not answer.", message_id, exc_info=True
        )


def tell(message_id: int) -> None:
    """Notifies those whom the message mentions and who are not in the room. Telling twice notifies once."""
    found = Message.objects.select_related("room__stream__group_session__club").filter(pk=message_id).first()
    if found is None or found.deleted_at is not None:
        return
    stream = found.room.stream
    here = {present.user_id for present in presence.people(stream.room_id, limit=100_000)}
    muted = {int(key) for key, until in found.room.timeouts.items() if until > clock.to_ms(clock.now())}
    away = [
        user for user in mentioned(found) if user.pk not in here | muted and streaming_access.may_see(user, stream)
    ]
    notify.tell(
        away,
        kind=Kind.MENTION,
        occasion=f"message:{found.pk}:mention",
        title=f"{found.author_name} calls you in {stream.title}",
        body=found.text,
        url=f"/classes/{stream.group_session_id}",
    )


def mentioned(message: Message) -> list[User]:
    """The members of the class's club whom the message mentions, each once, in the order of the text.

    At most as many as the club's limit. The longest name that fits counts: "@Ana Luz" is not Ana where there is an
    Ana Luz.
    """
    club_id = message.room.stream.group_session.club_id
    limit = club_filter.of_club(club_id).mention_limit
    found: dict[int, User] = {}
    for tail in _tails(message.text):
        for user in _named(club_id, tail):
            if user.pk != message.author_id:
                found.setdefault(user.pk, user)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def _tails(text: str) -> Iterator[str]:
    """What follows each @ at the beginning of a word."""
    for index, character in enumerate(text):
        if character == "@" and (index == 0 or not text[index - 1].isalnum()):
            yield text[index + 1 : index + 2 + NAME_CHARACTERS]


def _named(club_id: int, tail: str) -> list[User]:
    """The members whose name begins this text and ends where a word does, of the longest such name."""
    members = Membership.objects.active().filter(club_id=club_id).values("user_id")
    fits = User.objects.annotate(tail=Value(tail, output_field=CharField())).filter(
        Q(pk__in=members), is_active=True, tail__istartswith=F("display_name")
    )
    names = [
        user
        for user in fits.exclude(display_name="").order_by(Length("display_name").desc(), "pk")[:50]
        if not tail[len(user.display_name) : len(user.display_name) + 1].isalnum()
    ]
    return [user for user in names if len(user.display_name) == len(names[0].display_name)]

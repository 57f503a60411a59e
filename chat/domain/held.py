"""Messages that wait for those who keep order: keeping, showing, letting in and turning away.

They are rows of their own and not hidden messages: what has no number cannot slip into a snapshot, a resync or a
page, and what is let in takes the room's next number, so that every reader gets it exactly once (docs/adr/0018).
"""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from chat import text as words
from chat.domain import access, broadcast, frames, rooms
from chat.enums import Review, Rule
from chat.errors import Decided, NoSuchHeld, NotYours
from chat.models import HeldMessage, Message, Room
from fitfriends.core import clock
from streaming.enums import Standing

SHOWN_AT_MOST = 100


def keep(
    room: Room,
    *,
    author: User,
    role: Standing,
    text: str,
    client_id: str | None,
    reasons: Sequence[Rule],
    media_time: int | None = None,
) -> HeldMessage:
    """Holds a message back. Sending again with the same client_id returns the first."""
    try:
        with transaction.atomic():
            return HeldMessage.objects.create(
                room=room,
                author=author,
                author_name=words.clean_name(str(author)),
                author_role=str(role),
                text=text,
                client_id=client_id,
                reasons=" ".join(reasons),
                media_time=media_time,
            )
    except IntegrityError:
        first = HeldMessage.objects.filter(room=room, author=author, client_id=client_id).first()
        if client_id is None or first is None:
            raise
        return first


def find(held_id: int) -> HeldMessage:
    """Raises NoSuchHeld."""
    rows = HeldMessage.objects.select_related("room__stream__group_session", "author", "message")
    found = rows.filter(pk=held_id).first()
    if found is None:
        raise NoSuchHeld
    return found


def shown(room: Room, *, user: User) -> QuerySet[HeldMessage]:
    """What waits, oldest first, for those who keep order; for others their own that were not let in (yet)."""
    rows = HeldMessage.objects.filter(room=room).order_by("pk")
    if access.may_moderate(user, room.stream):
        return rows.filter(review=Review.WAITING)[:SHOWN_AT_MOST]
    return rows.filter(author=user).exclude(review=Review.RELEASED)[:SHOWN_AT_MOST]


def release(held: HeldMessage, *, actor: User) -> HeldMessage:
    """Lets a message in at the end of the talk and tells the room. Letting it in again changes nothing.

    Raises NoSuchHeld, NotYours, or Decided when it was turned away.
    """
    _require_right(held, actor)
    with transaction.atomic():
        row = HeldMessage.objects.select_for_update().get(pk=held.pk)
        if row.review == Review.REJECTED:
            raise Decided
        if row.review == Review.WAITING:
            row.message = _say(held)
            _decide(row, Review.RELEASED, actor)
    return row


def reject(held: HeldMessage, *, actor: User) -> HeldMessage:
    """Turns a message away; its sender sees so. Raises NoSuchHeld, NotYours, or Decided when it was let in."""
    _require_right(held, actor)
    with transaction.atomic():
        row = HeldMessage.objects.select_for_update().get(pk=held.pk)
        if row.review == Review.RELEASED:
            raise Decided
        if row.review == Review.WAITING:
            _decide(row, Review.REJECTED, actor)
    return row


def _require_right(held: HeldMessage, actor: User) -> None:
    stream = held.room.stream
    if not access.may_moderate(actor, stream):
        raise NotYours if access.may_read(actor, stream) else NoSuchHeld


def _decide(row: HeldMessage, review: Review, actor: User) -> None:
    row.review, row.decided_at, row.decided_by = review, clock.now(), actor
    row.save(update_fields=["review", "decided_at", "decided_by", "message"])


def _say(held: HeldMessage) -> Message:
    """The message with the time of its release: times of a talk never run backwards."""
    room_id = held.room.stream.room_id
    try:
        with transaction.atomic():
            seq = rooms.next_seq(held.room)
            message = Message.objects.create(
                room=held.room,
                seq=seq,
                changed_seq=seq,
                author=held.author,
                author_name=held.author_name,
                author_role=held.author_role,
                text=held.text,
                client_id=held.client_id,
                media_time=held.media_time,
            )
    except IntegrityError:
        # Sent again meanwhile and let through by changed rules: it is in the talk already.
        return Message.objects.get(room=held.room, author=held.author, client_id=held.client_id)
    event = frames.of_message(message)
    transaction.on_commit(lambda: broadcast.event(room_id, event))
    return message

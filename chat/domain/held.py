"""Messages that wait for moderators: holding, showing, releasing and rejecting.

They are rows of their own and not hidden messages: what has no number cannot slip into a snapshot, a resync or a
page, and what is let in takes the room's next number, so that every reader gets it exactly once (docs/adr/0018).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.models import User
from chat.domain import access, audit, broadcast, message_frames, messages, people, rooms
from chat.enums import Act, Review
from chat.errors import Decided, NoSuchHeld, NotYours
from chat.models import HeldMessage, Message, Room
from clubs.domain import access as clubs_access
from clubs.enums import Role
from clubs.models import Club, SessionModerator
from fitfriends.core import clock
from streaming.enums import ClassRole

SHOWN_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a room. `newest`: the last one's id; `next_due`: when the next goes in by itself, both if any."""

    count: int = 0
    newest: int | None = None
    next_due: int | None = None


def waiting(room_ids: Collection[int]) -> dict[int, Waiting]:
    """Counts what waits, by the key of the room. One query."""
    rows = HeldMessage.objects.filter(room_id__in=room_ids, review=Review.WAITING).order_by()
    found = rows.values_list("room_id").annotate(Count("pk"), Max("pk"), Min("due_at"))
    return {room: Waiting(count, newest, clock.to_ms(due) if due else None) for room, count, newest, due in found}


def keep(
    room: Room,
    *,
    author: User,
    role: ClassRole,
    text: str,
    client_id: str | None,
    reasons: Sequence[str],
    due_at: datetime | None = None,
    media_time: int | None = None,
) -> HeldMessage:
    """Holds a message, until `due_at` if there is one. The same client_id again returns the first."""
    room_id = room.stream.room_id
    try:
        with transaction.atomic():
            transaction.on_commit(lambda: broadcast.state_changed(room_id))
            return HeldMessage.objects.create(
                room=room,
                author=author,
                author_name=people.name_of(author),
                author_role=str(role),
                text=text,
                client_id=client_id,
                reasons=" ".join(reasons),
                due_at=due_at,
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
    """For moderators what waits, oldest first; for others their own messages that were not released."""
    rows = HeldMessage.objects.filter(room=room).order_by("pk")
    if access.may_moderate(user, room.stream):
        return rows.filter(review=Review.WAITING)[:SHOWN_AT_MOST]
    return rows.filter(author=user).exclude(review=Review.RELEASED)[:SHOWN_AT_MOST]


def of_club(club: Club, *, user: User) -> QuerySet[HeldMessage]:
    """What waits in all classes of a club, oldest first.

    Owners, moderators and operators see all of it, others only that of the classes they moderate.
    """
    rows = HeldMessage.objects.filter(room__stream__group_session__club=club, review=Review.WAITING)
    if not clubs_access.may_manage_club(user, club) and clubs_access.role_in(club.pk, user) != Role.MODERATOR:
        grants = SessionModerator.objects.filter(user=user).values("group_session_id")
        session = "room__stream__group_session"
        rows = rows.filter(Q(**{f"{session}__instructor": user}) | Q(**{f"{session}__in": grants}))
    return rows.select_related("author", "room__stream").order_by("pk")[:SHOWN_AT_MOST]


def release(held: HeldMessage, *, actor: User) -> HeldMessage:
    """Releases a message at the end of the talk and tells the room. Releasing it again changes nothing.

    Raises NoSuchHeld, NotYours, or Decided when it was rejected.
    """
    _require_right(held, actor)
    with transaction.atomic():
        row = HeldMessage.objects.select_for_update().get(pk=held.pk)
        if row.review == Review.REJECTED:
            raise Decided
        if row.review == Review.WAITING:
            row.room = held.room
            release_row(row, by=actor)
    return row


def reject(held: HeldMessage, *, actor: User) -> HeldMessage:
    """Rejects a message and tells its sender. Raises NoSuchHeld, NotYours, or Decided when it was released."""
    _require_right(held, actor)
    with transaction.atomic():
        row = HeldMessage.objects.select_for_update().get(pk=held.pk)
        if row.review == Review.RELEASED:
            raise Decided
        if row.review == Review.WAITING:
            row.room = held.room
            reject_row(row, by=actor)
    return row


def release_row(row: HeldMessage, *, by: User | None) -> None:
    """Releases a row. For `release` and delay.py, which hold its lock. `by` is None when its time was up."""
    row.message = _say(row)
    _decide(row, Review.RELEASED, by)
    if by is not None:
        audit.write(Act.RELEASE, row.room, actor=by, target=row.author, message=row.message)


def reject_row(row: HeldMessage, *, by: User | None) -> None:
    """Rejects a row and tells its sender. For `reject` and delay.py, which hold its lock."""
    _decide(row, Review.REJECTED, by)
    if by is not None:
        audit.write(Act.REJECT, row.room, actor=by, target=row.author, details={"held": row.pk})
    room_id, author_id, frame = row.room.stream.room_id, row.author_id, message_frames.of_rejection(row)
    transaction.on_commit(lambda: broadcast.to_person(room_id, author_id, frame))


def _require_right(held: HeldMessage, actor: User) -> None:
    stream = held.room.stream
    if not access.may_moderate(actor, stream):
        raise NotYours if access.may_read(actor, stream) else NoSuchHeld


def _decide(row: HeldMessage, review: Review, actor: User | None) -> None:
    row.review, row.decided_at, row.decided_by = review, clock.now(), actor
    row.save(update_fields=["review", "decided_at", "decided_by", "message"])
    room_id = row.room.stream.room_id
    transaction.on_commit(lambda: broadcast.state_changed(room_id))


def _say(held: HeldMessage) -> Message:
    """Stores the message with the time of its release, so that the times of a talk never run backwards."""
    try:
        with transaction.atomic():
            seq = rooms.next_seq(held.room)
            return messages.store(
                held.room,
                seq,
                author=held.author,
                author_name=held.author_name,
                author_role=held.author_role,
                text=held.text,
                client_id=held.client_id,
                media_time=held.media_time,
            )
    except IntegrityError:
        # It was sent again meanwhile and a changed filter let it through: it is in the talk already.
        return Message.objects.get(room=held.room, author=held.author, client_id=held.client_id)

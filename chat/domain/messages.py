"""Messages of a room: stored, found, deleted, restored and read again. posting.py judges them before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from chat.domain import access, audit, broadcast, mentions, message_frames, rooms
from chat.enums import Act
from chat.errors import NoSuchMessage, NotYours
from chat.frames.registry import Event
from chat.frames.room import ChatMessage
from chat.limits import HISTORY
from chat.models import Message, Room
from fitfriends.core import clock

# A returning reader who missed more than this gets the last messages instead of all.
MISSED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Missed:
    """`events` in the order of their numbers; `fresh`: they replace everything the reader has."""

    events: Sequence[Event]
    seq: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Page:
    messages: list[ChatMessage]
    next_before: int | None
    next_after: int | None


def store(
    room: Room,
    seq: int,
    *,
    author: User,
    author_name: str,
    author_role: str,
    text: str,
    client_id: str | None,
    media_time: int | None,
) -> Message:
    """Stores a message under its number. After the commit the room is told, and those whom the message mentions.

    Call it inside the transaction that took the number. IntegrityError: the author has sent it before.
    """
    message = Message.objects.create(
        room=room,
        seq=seq,
        changed_seq=seq,
        author=author,
        author_name=author_name,
        author_role=author_role,
        text=text,
        client_id=client_id,
        media_time=media_time,
    )
    room_id, event = room.stream.room_id, message_frames.of_message(message)
    transaction.on_commit(lambda: broadcast.event(room_id, event))
    mentions.tell_later(message)
    return message


def find(message_id: int) -> Message:
    """Raises NoSuchMessage."""
    found = Message.objects.select_related("room__stream__group_session").filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage
    return found


def delete(message: Message, *, actor: User) -> Message:
    """Deletes a message and tells the room. Deleting it again changes nothing.

    Raises NoSuchMessage for whoever may not read the room, NotYours for other readers.
    """
    if not access.may_delete(actor, message):
        raise NotYours if access.may_read(actor, message.room.stream) else NoSuchMessage
    with transaction.atomic():
        # Room before message, as in post(): both take the room's row first.
        seq = rooms.next_seq(message.room)
        at = clock.now()
        changed = Message.objects.filter(pk=message.pk, deleted_at__isnull=True).update(
            deleted_at=at, deleted_by=actor, changed_seq=seq
        )
        if not changed:
            transaction.set_rollback(True)  # the number goes back: readers count without gaps
        else:
            message.deleted_at, message.deleted_by, message.changed_seq = at, actor, seq
            _take_down(message)
            if message.author_id != actor.pk:
                audit.write(Act.DELETE, message.room, actor=actor, target=message.author, message=message)
            room_id, event = message.room.stream.room_id, message_frames.of_deletion(message)
            transaction.on_commit(lambda: broadcast.event(room_id, event))
    if not changed:
        message.refresh_from_db(fields=["deleted_at", "deleted_by", "changed_seq"])
    return message


def restore(message: Message, *, actor: User) -> Message:
    """Restores a message that somebody else deleted. What its author deleted stays deleted.

    Raises NoSuchMessage for whoever may not read the room, NotYours for readers who may not delete it either.
    """
    own = message.deleted_by_id == message.author_id
    if own or not access.may_restore(actor, message):
        raise NotYours if access.may_read(actor, message.room.stream) else NoSuchMessage
    with transaction.atomic():
        seq = rooms.next_seq(message.room)
        rows = Message.objects.filter(pk=message.pk, deleted_at__isnull=False)
        changed = rows.update(deleted_at=None, deleted_by=None, changed_seq=seq)
        if not changed:
            transaction.set_rollback(True)
        else:
            message.deleted_at, message.deleted_by, message.changed_seq = None, None, seq
            audit.write(Act.RESTORE, message.room, actor=actor, target=message.author, message=message)
            room_id, event = message.room.stream.room_id, message_frames.of_restoring(message)
            transaction.on_commit(lambda: broadcast.event(room_id, event))
    return message


def _take_down(message: Message) -> None:
    """Unpins a message that is deleted."""
    if Room.objects.filter(pk=message.room_id, pinned=message).update(pinned=None):
        room_id = message.room.stream.room_id
        transaction.on_commit(lambda: broadcast.state_changed(room_id))


def page(room: Room, *, before: int | None = None, after: int | None = None, limit: int = HISTORY) -> Page:
    """The last messages before a number, or the first after one, oldest first. Of both numbers `after` counts.

    Each message is as it is now; a cursor is None when there is nothing in its direction.
    """
    rows = Message.objects.filter(room=room)
    if after is not None:
        found = list(rows.filter(seq__gt=after).order_by("seq")[: limit + 1])  # one more tells whether there is more
        shown, newer = found[:limit], len(found) > limit
        older = rows.filter(seq__lte=after).exists()
    else:
        found = _last(room, before, limit + 1)
        shown, older = found[-limit:], len(found) > limit
        newer = before is not None and rows.filter(seq__gte=before).exists()
    return Page(
        [message_frames.of_message(message) for message in shown],
        next_before=shown[0].seq if shown and older else None,
        next_after=shown[-1].seq if shown and newer else None,
    )


def so_far(room: Room) -> Missed:
    """Returns what a fresh reader gets: the last messages, and the number up to which they are complete."""
    seq = rooms.last_seq(room)
    last = _last(room, None, HISTORY)
    # Commits follow the numbers, so one query sees a whole beginning of them: up to the highest it has seen.
    seq = max([seq, *(message.changed_seq for message in last)])
    return Missed([message_frames.of_message(message) for message in last], seq, fresh=True)


def events_since(room: Room, after: int) -> Missed:
    """Exactly what a reader missed who has seen everything up to `after`.

    Applying `events` to what the reader has gives what a fresh reader gets.
    """
    seq = rooms.last_seq(room)
    if after > seq or seq - after > MISSED_AT_MOST:
        return so_far(room)
    events: list[Event] = []
    for message in Message.objects.filter(room=room, changed_seq__gt=after):
        if message.seq > after:
            events.append(message_frames.of_message(message))
        if message.deleted_at:
            events.append(message_frames.of_deletion(message))
        elif message.changed_seq > message.seq:
            # Also for a message that came above with its text: the reader may be told late that it was deleted.
            events.append(message_frames.of_restoring(message))
    events.sort(key=lambda event: event.seq)
    return Missed(events, max([seq, *(event.seq for event in events)]), fresh=False)


def _last(room: Room, before: int | None, limit: int) -> list[Message]:
    newest = Message.objects.filter(room=room).order_by("-seq")
    if before is not None:
        newest = newest.filter(seq__lt=before)
    return list(newest[:limit])[::-1]

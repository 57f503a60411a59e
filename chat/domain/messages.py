"""What is said, taken back and read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from chat import text as words
from chat.domain import access, broadcast, chat_rules, filtering, frames, held, rooms
from chat.domain.filtering import Rules
from chat.enums import Outcome, Review, Rule
from chat.errors import Held, NoSuchMessage, NotYours, Refused, Rejected
from chat.models import HeldMessage, Message, Room
from chat.protocol import HISTORY, ChatMessage, Event
from fitfriends.core import clock
from streaming.enums import Standing

# A returning reader who missed more than this gets the last of the talk instead of all of it.
MISSED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Posted:
    message: Message
    is_new: bool


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


def post(room: Room, *, author: User, role: Standing, text: str, client_id: str | None = None) -> Posted:
    """Stores a message as the club's rules let it through and tells the room once that is committed.

    `text` has been cleaned. Sending again with the same client_id returns the first message and tells nobody.
    Raises Refused, Held when it waits for those who run the class, Rejected when they turned it away.
    """
    rules = chat_rules.of_club(room.stream.group_session.club_id)
    recent = _recent(room, author, rules, client_id) if role == Standing.MEMBER else []
    verdict = filtering.judge(text, rules=rules, recent=recent, runs_class=role.runs)
    if verdict.outcome not in (Outcome.HOLD, Outcome.REFUSE):
        return _store(room, author=author, role=role, text=verdict.text, client_id=client_id)
    first = _first(room, author, client_id)
    if first:  # said before the rules changed
        return Posted(first, is_new=False)
    if verdict.outcome is Outcome.REFUSE:
        code, kind_words = filtering.REFUSALS[verdict.reasons[0]]
        raise Refused(kind_words, code=code)
    kept = held.keep(room, author=author, role=role, text=verdict.text, client_id=client_id, reasons=verdict.reasons)
    raise Rejected if kept.review == Review.REJECTED else Held(kept.pk)


def _store(room: Room, *, author: User, role: Standing, text: str, client_id: str | None) -> Posted:
    try:
        with transaction.atomic():
            seq = rooms.next_seq(room)
            message = Message.objects.create(
                room=room,
                seq=seq,
                changed_seq=seq,
                author=author,
                author_name=words.clean_name(str(author)),
                author_role=str(role),
                text=text,
                client_id=client_id,
            )
            room_id, event = room.stream.room_id, frames.of_message(message)
            transaction.on_commit(lambda: broadcast.event(room_id, event))
    except IntegrityError:
        # The constraint decides which of two copies is the message; the rollback gave the number back.
        first = _first(room, author, client_id)
        if first is None:
            raise
        return Posted(first, is_new=False)
    return Posted(message, is_new=True)


def _first(room: Room, author: User, client_id: str | None) -> Message | None:
    return Message.objects.filter(room=room, author=author, client_id=client_id).first() if client_id else None


def _recent(room: Room, author: User, rules: Rules, client_id: str | None) -> list[str]:
    """What the author said lately, but for an earlier copy of this message. Nothing when nobody asks."""
    if not rules.watches(Rule.REPEATS):
        return []
    since = clock.now() - timedelta(seconds=rules.repeat_seconds)
    said = Message.objects.filter(room=room, author=author, sent_at__gte=since, deleted_at=None)
    waiting = HeldMessage.objects.filter(room=room, author=author, held_at__gte=since)
    rows = said.values_list("text", "client_id").union(waiting.values_list("text", "client_id"))
    return [text for text, sent_as in rows if client_id is None or sent_as != client_id]


def find(message_id: int) -> Message:
    """Raises NoSuchMessage."""
    found = Message.objects.select_related("room__stream__group_session").filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage
    return found


def delete(message: Message, *, actor: User) -> Message:
    """Takes a message back and tells the room. Deleting it again changes nothing.

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
            room_id, event = message.room.stream.room_id, frames.of_deletion(message)
            transaction.on_commit(lambda: broadcast.event(room_id, event))
    if not changed:
        message.refresh_from_db(fields=["deleted_at", "deleted_by", "changed_seq"])
    return message


def page(room: Room, *, before: int | None = None, limit: int = HISTORY) -> Page:
    """The last messages before a number, oldest first."""
    found = _last(room, before, limit + 1)  # one more tells whether there is more
    shown = found[-limit:]
    next_before = shown[0].seq if len(found) > limit else None
    return Page([frames.of_message(message) for message in shown], next_before)


def so_far(room: Room) -> Missed:
    """What a fresh reader gets: the last of the talk, and the number that it stands for."""
    seq = rooms.last_seq(room)
    last = _last(room, None, HISTORY)
    # Commits follow the numbers, so one query sees a whole beginning of them: up to the highest it has seen.
    seq = max([seq, *(message.changed_seq for message in last)])
    return Missed([frames.of_message(message) for message in last], seq, fresh=True)


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
            events.append(frames.of_message(message))
        if message.deleted_at:
            events.append(frames.of_deletion(message))
    events.sort(key=lambda event: event["seq"])
    return Missed(events, max([seq, *(event["seq"] for event in events)]), fresh=False)


def _last(room: Room, before: int | None, limit: int) -> list[Message]:
    newest = Message.objects.filter(room=room).order_by("-seq")
    if before is not None:
        newest = newest.filter(seq__lt=before)
    return list(newest[:limit])[::-1]

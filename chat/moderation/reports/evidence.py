"""Copies of reported messages as they stood. Deleting or restoring the messages does not change them."""

from collections.abc import Iterable
from typing import TypedDict

from accounts.models import User
from chat.models import Message, Room
from fitfriends.core import clock

BEFORE = 4
AFTER = 4
OF_A_PERSON = 10


class QuotedMessage(TypedDict):
    """A message with its words, also when it was deleted. `at`: milliseconds since 1970."""

    id: int
    seq: int
    user_id: int | None
    username: str
    role: str
    message: str
    at: int
    deleted: bool


class Evidence(TypedDict):
    """`said`: what was reported, None when it was a person. `around`: in the order of the talk, `said` among it."""

    room_id: str
    said: QuotedMessage | None
    around: list[QuotedMessage]


def of_message(message: Message) -> Evidence:
    """The message with the few before and after it."""
    rows = Message.objects.filter(room=message.room)
    before = rows.filter(seq__lt=message.seq).order_by("-seq")[:BEFORE]
    after = rows.filter(seq__gt=message.seq).order_by("seq")[:AFTER]
    return {
        "room_id": message.room.stream.room_id,
        "said": _line(message),
        "around": _lines([*before, message, *after]),
    }


def of_person(room: Room, user: User) -> Evidence:
    """The last messages of this person in the room."""
    last = Message.objects.filter(room=room, author=user).order_by("-seq")[:OF_A_PERSON]
    return {"room_id": room.stream.room_id, "said": None, "around": _lines(last)}


def _lines(messages: Iterable[Message]) -> list[QuotedMessage]:
    return [_line(message) for message in sorted(messages, key=lambda message: message.seq)]


def _line(message: Message) -> QuotedMessage:
    return {
        "id": message.pk,
        "seq": message.seq,
        "user_id": message.author_id,
        "username": message.author_name,
        "role": message.author_role,
        "message": message.text,
        "at": clock.to_ms(message.sent_at),
        "deleted": message.deleted_at is not None,
    }

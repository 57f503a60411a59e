"""The room beside a stream, and the numbers that order everything in it."""

import json
from dataclasses import dataclass

from django.db import connection

from chat.domain.room_settings import RoomSettings, read_timeouts
from chat.errors import NoSuchRoom
from chat.models import Room
from streaming.models import Stream


@dataclass(frozen=True, slots=True)
class SequenceGrant:
    """A number, and the settings of the room's row when it was given out."""

    seq: int
    settings: RoomSettings


def find(room_id: str) -> Room:
    """The room with its stream and class; made on the first visit. Raises NoSuchRoom."""
    rooms = Room.objects.select_related("stream__group_session")
    room = rooms.filter(stream__room_id=room_id).first()
    if room:
        return room
    stream = Stream.objects.select_related("group_session").filter(room_id=room_id).first()
    if stream is None:
        raise NoSuchRoom
    made, _ = Room.objects.get_or_create(stream=stream)
    made.stream = stream
    return made


def next_seq(room: Room) -> int:
    return grant_sequence(room).seq


def grant_sequence(room: Room) -> SequenceGrant:
    """Takes the room's next number. Call it inside a transaction: its row lock makes commits follow the numbers,
    so that a reader who has seen a number has seen all before it. A rollback gives the number back.

    The settings come from the row as it is locked now: a time-out that was committed before holds for this message.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A room's numbers are taken inside a transaction.")
    with connection.cursor() as cursor:
        # One statement on PostgreSQL and SQLite alike; F() with update() cannot return the value.
        cursor.execute(
            "UPDATE chat_room SET last_seq = last_seq + 1 WHERE id = %s"
            " RETURNING last_seq, slow_seconds, established_days, links, emoji_only, frozen, delay_seconds,"
            " timeouts",
            [room.pk],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchRoom
    seq, slow_seconds, established_days, links, emoji_only, frozen, delay_seconds, timeouts = row
    return SequenceGrant(
        int(seq),
        RoomSettings(
            slow_seconds=int(slow_seconds),
            established_days=int(established_days),
            links=bool(links),
            emoji_only=bool(emoji_only),
            frozen=bool(frozen),
            delay_seconds=int(delay_seconds),
            timeouts=read_timeouts(json.loads(timeouts)),
        ),
    )


def last_seq(room: Room) -> int:
    return Room.objects.values_list("last_seq", flat=True).get(pk=room.pk)

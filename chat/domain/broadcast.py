"""Tells every process that has readers of a room. The only file that knows channel and group names.

Domain code is synchronous and runs in web workers, Celery and threads, so a note is published by the process's own
Redis pool, in the form that the pubsub channel layer reads. async_to_sync(group_send) would open and close an event
loop and two Redis connections for every note (docs/adr/0006).
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict, cast

import redis
from channels.layers import get_channel_layer
from django.conf import settings

from chat.frames.interactions import Cheered
from chat.frames.registry import Event, Outbound
from fitfriends.core.frames import encode, plain
from fitfriends.core.redis import client

log = logging.getLogger(__name__)


class EventNote(TypedDict):
    """A message was sent, deleted or restored; `text` is the frame, encoded once for all readers."""

    type: Literal["hub"]
    kind: Literal["event"]
    room: str
    seq: int
    text: str


class Nudge(TypedDict):
    """Something changed: every process with readers looks it up, so that the order of notes does not matter."""

    type: Literal["hub"]
    kind: Literal["state", "presence"]
    room: str


class RemovedNote(TypedDict):
    type: Literal["hub"]
    kind: Literal["removed"]
    room: str
    user: int


class PersonNote(TypedDict):
    """For one person's sockets alone; nothing that they cannot ask for again."""

    type: Literal["hub"]
    kind: Literal["person"]
    room: str
    user: int
    text: str


type InteractionsPart = Literal["poll", "questions", "hands"]


class InteractionsNote(TypedDict):
    """An interaction changed: every process with readers looks that part up."""

    type: Literal["hub"]
    kind: Literal["interactions"]
    room: str
    part: InteractionsPart


class ReactionsNote(TypedDict):
    """The reactions that one process counted in a second. A lost one is not repeated."""

    type: Literal["hub"]
    kind: Literal["reactions"]
    room: str
    counts: dict[str, int]
    cheers: list[object]  # each a Cheered, which msgpack does not know


type Note = EventNote | Nudge | RemovedNote | PersonNote | InteractionsNote | ReactionsNote


def event(room_id: str, frame: Event) -> None:
    _publish({"type": "hub", "kind": "event", "room": room_id, "seq": frame.seq, "text": encode(frame)})


def state_changed(room_id: str) -> None:
    _publish({"type": "hub", "kind": "state", "room": room_id})


def presence_changed(room_id: str) -> None:
    _publish({"type": "hub", "kind": "presence", "room": room_id})


def removed(room_id: str, user_id: int) -> None:
    _publish({"type": "hub", "kind": "removed", "room": room_id, "user": user_id})


def to_person(room_id: str, user_id: int, frame: Outbound) -> None:
    _publish({"type": "hub", "kind": "person", "room": room_id, "user": user_id, "text": encode(frame)})


def interactions_changed(room_id: str, part: InteractionsPart) -> None:
    _publish({"type": "hub", "kind": "interactions", "room": room_id, "part": part})


def reactions(room_id: str, counts: Mapping[str, int], cheers: Sequence[Cheered]) -> None:
    _publish({"type": "hub", "kind": "reactions", "room": room_id, "counts": dict(counts), "cheers": plain(cheers)})


async def new_channel() -> str:
    """A channel of this process and event loop; all its rooms arrive on it."""
    return cast("str", await get_channel_layer().new_channel("hub."))


async def receive(channel: str) -> Note:
    return cast("Note", await get_channel_layer().receive(channel))


async def listen(room_id: str, channel: str) -> None:
    await get_channel_layer().group_add(_group(room_id), channel)


async def stop_listening(room_id: str, channel: str) -> None:
    await get_channel_layer().group_discard(_group(room_id), channel)


def _group(room_id: str) -> str:
    return f"talk.{room_id}"


def _publish(note: Note) -> None:
    """A lost note is not a lost message: every hub compares its numbers with the database by itself."""
    prefix = cast("dict[str, str]", settings.CHANNEL_LAYERS["default"]["CONFIG"])["prefix"]
    try:
        client().publish(f"{prefix}__group__{_group(note['room'])}", get_channel_layer().serialize(note))
    except redis.RedisError:
        log.warning("A note about %s was not sent: Redis does not answer.", note["room"], exc_info=True)

"""Readers that stall: bounded memory, how things stand when they read again, their own close code, a room that does
not notice."""

import asyncio
import json
from typing import Any

import pytest

from chat.domain.participants import Participant
from chat.frames.outgoing import Outgoing
from chat.frames.registry import Close
from chat.frames.room import MessageDeleted, Pong, Presence
from chat.models import Room
from chat.realtime import connection
from chat.realtime.connection import AsgiEvent, Connection
from chat.realtime.hub import hub
from fitfriends.core.frames import encode
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


class Reader:
    """A server's send that can stall, as uvicorn's does when the peer stops reading."""

    def __init__(self) -> None:
        self.events: list[AsgiEvent] = []
        self.flowing = asyncio.Event()
        self.given_up: float | None = None
        self.left = asyncio.Event()

    async def send(self, event: AsgiEvent) -> None:
        await self.flowing.wait()
        self.events.append(event)

    def give_up(self, seconds: float) -> None:
        self.given_up = seconds
        self.left.set()

    async def read_all(self) -> list[dict[str, Any]]:
        self.flowing.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return [json.loads(event["text"]) for event in self.events if "text" in event]


def reading(reader: Reader, room_id: str = "room-x") -> Connection:
    return Connection(Participant(room_id, 1, "Cleo", "member", runs=False), reader.send, give_up=reader.give_up)


def event(number: int) -> Outgoing:
    return Outgoing(encode(MessageDeleted(id=number, seq=number)))


def present(viewers: int) -> Outgoing:
    return Outgoing.of(Presence(viewer_count=viewers, people=[]))


async def test_a_reader_that_is_behind_gets_how_things_stand_and_is_told_to_ask() -> None:
    reader = Reader()
    slow = reading(reader)

    for number in range(connection.QUEUE_FRAMES + 5):
        slow.offer(event(number))
        slow.offer(present(number))
    slow.say(Pong(server_time=1))
    assert len(slow._queue) == 0

    got = await reader.read_all()
    # The frame that was under way when it stalled, then the last of what stands, and the word to ask.
    assert [frame["type"] for frame in got] == ["message_deleted", "pong", "presence", "refetch"]
    assert got[2]["viewer_count"] == connection.QUEUE_FRAMES + 4
    slow.offer(event(99))
    assert json.loads(reader.events[-1]["text"])["id"] == 99


async def test_a_reader_that_takes_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "STALLED_SECONDS", 0.0)
    reader = Reader()
    slow = reading(reader)

    for number in range(connection.QUEUE_FRAMES + 2):
        slow.offer(event(number))
    async with asyncio.timeout(5):
        await reader.left.wait()
    assert reader.given_up == connection.CLOSING_SECONDS

    await reader.read_all()
    assert reader.events[-1] == {"type": "websocket.close", "code": 4408}
    assert len(reader.events) == 2


async def test_who_falls_behind_again_and_again_is_closed() -> None:
    reader = Reader()
    slow = reading(reader)

    for fall in range(connection.FALLS_A_MINUTE + 1):
        reader.flowing.clear()
        for number in range(connection.QUEUE_FRAMES + 2):
            slow.offer(event(number))
        assert slow.is_closing() == (fall == connection.FALLS_A_MINUTE)
        await reader.read_all()
    assert reader.events[-1] == {"type": "websocket.close", "code": Close.TOO_SLOW}


async def test_few_but_large_frames_fill_a_queue_too() -> None:
    reader = Reader()
    slow = reading(reader)

    for _ in range(7):
        slow.offer(Outgoing("x" * 50_000))

    assert len(slow._queue) == 0
    slow.drop()


async def test_a_ready_reader_gets_a_frame_before_offer_returns() -> None:
    reader = Reader()
    reader.flowing.set()
    quick = reading(reader)

    quick.offer(Outgoing("a"))
    quick.offer(Outgoing("b"))
    quick.close(4403)
    quick.offer(Outgoing("c"))

    assert [event.get("text") or event.get("code") for event in reader.events] == ["a", "b", 4403]


async def test_a_slow_reader_does_not_hold_up_the_room(enter: Enter, cast: Cast, stream: Stream, room: Room) -> None:
    cleo = await enter(stream, cast.cleo)
    here = hub().rooms[stream.room_id]
    stalled = Reader()
    slow = reading(stalled, stream.room_id)
    here.join(slow)
    here.admit(slow, await here.snapshot())

    for number in range(1, 101):
        here.take_event(number, encode(MessageDeleted(id=number, seq=number)))

    assert [(await cleo.next("message_deleted"))["seq"] for _ in range(100)] == list(range(1, 101))
    here.leave(slow)
    slow.drop()

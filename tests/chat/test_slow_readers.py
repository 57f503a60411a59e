"""Readers that stall: bounded memory, their own close code, and a room that does not notice."""

import asyncio

import pytest

from chat import member
from chat.hub import hub
from chat.member import AsgiEvent, Member, Visitor
from chat.models import Room
from chat.protocol import encode
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

    async def send(self, event: AsgiEvent) -> None:
        await self.flowing.wait()
        self.events.append(event)

    def give_up(self, seconds: float) -> None:
        self.given_up = seconds


async def test_a_slow_reader_is_closed_and_its_memory_freed() -> None:
    reader = Reader()
    slow = Member(Visitor("room-x", 1, "Cleo", "member", runs=False), reader.send, give_up=reader.give_up)

    for number in range(member.QUEUE_FRAMES + 2):
        slow.offer(f"{number}")
    assert slow.is_closing()
    assert reader.given_up == member.CLOSING_SECONDS
    assert len(slow._queue) == 0

    reader.flowing.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert reader.events[-1] == {"type": "websocket.close", "code": 4408}
    assert len(reader.events) == 2


async def test_few_but_large_frames_fill_a_queue_too() -> None:
    reader = Reader()
    slow = Member(Visitor("room-x", 1, "Cleo", "member", runs=False), reader.send, give_up=reader.give_up)

    for _ in range(7):
        slow.offer("x" * 50_000)

    assert slow.is_closing()
    slow.drop()


async def test_a_ready_reader_gets_a_frame_before_offer_returns() -> None:
    reader = Reader()
    reader.flowing.set()
    quick = Member(Visitor("room-x", 1, "Cleo", "member", runs=False), reader.send, give_up=reader.give_up)

    quick.offer("a")
    quick.offer("b")
    quick.close(4403)
    quick.offer("c")

    assert [event.get("text") or event.get("code") for event in reader.events] == ["a", "b", 4403]


async def test_a_slow_reader_does_not_hold_up_the_room(enter: Enter, cast: Cast, stream: Stream, room: Room) -> None:
    cleo = await enter(stream, cast.cleo)
    here = hub().rooms[stream.room_id]
    stalled = Reader()
    slow = Member(
        Visitor(stream.room_id, cast.ana.pk, "Ana", "owner", runs=True), stalled.send, give_up=stalled.give_up
    )
    here.join(slow)
    here.admit(slow, await here.snapshot())

    for number in range(1, 101):
        here.take_event(number, encode({"type": "message_deleted", "id": number, "seq": number}))

    assert [(await cleo.next("message_deleted"))["seq"] for _ in range(100)] == list(range(1, 101))
    assert slow.is_closing()
    here.leave(slow)
    slow.drop()

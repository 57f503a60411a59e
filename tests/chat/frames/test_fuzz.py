"""Whatever is sent: a documented answer or a documented close code, nothing spoofed, and a room that goes on.

The budget is a count, by seeds: about ten seconds together.
"""

import asyncio
import random

import pytest

from chat import limits
from chat.domain import message_rate
from chat.errors import ProtocolError
from chat.frames import registry
from chat.models import Message
from chat.realtime.hub import hub
from chat.threads import in_thread
from fitfriends.core import clock, frame_rate
from fitfriends.core.frames import encode, plain, type_of
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter, Frame, Socket
from tests.chat.frames.test_docs import examples, table
from tests.chat.mutations import frames
from tests.protocol_page import field_names

VALID: list[Frame] = [*examples("You send").values()]
CODES = {row[0].strip("`") for row in table("Error codes")}
CLOSES = {int(row[0]) for row in table("Close codes")}
SHAPES = {type_of(shape): field_names(shape) for shape in registry.OUTBOUND}
FIELDS = {type_of(shape): field_names(shape) for shape in registry.INBOUND}


@pytest.mark.parametrize("seed", range(4))
def test_the_parser_answers_everything(seed: int) -> None:
    for frame in frames(VALID, random.Random(seed), count=1500):
        try:
            found = registry.parse(None if isinstance(frame, bytes) else frame)
        except ProtocolError as fault:
            found = [fault]
        for command in found:
            if isinstance(command, ProtocolError):
                assert command.code in CODES
            else:
                assert set(plain(command)) == FIELDS[type_of(command)]
                encode(command)  # no lone surrogate gets in


def documented(frame: Frame) -> bool:
    return set(frame) == SHAPES[frame["type"]] and (frame["type"] != "error" or frame["code"] in CODES)


async def throw(socket: Socket, frame: str | bytes) -> None:
    await socket.communicator.send_input(
        {"type": "websocket.receive", "bytes" if isinstance(frame, bytes) else "text": frame}
    )


async def answers(socket: Socket) -> list[Frame]:
    """Everything up to the answer of a ping, or to the end."""
    await socket.send({"type": "ping"})
    return [frame async for frame in socket.until("pong")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.integration
@pytest.mark.parametrize(("name", "seed"), [("cleo", 1), ("ben", 2)])
async def test_a_room_takes_everything(
    *,
    enter: Enter,
    cast: Cast,
    stream: Stream,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
    seed: int,
) -> None:
    """With the quotas out of the way, so that each frame is looked at."""
    for holder, limit in (
        (frame_rate.FrameRate, "FRAMES"),
        (frame_rate.FrameRate, "FAULTS"),
        (message_rate, "BURST"),
    ):
        monkeypatch.setattr(holder, limit, 10_000)
    sender, ana = await enter(stream, cast.people[name]), await enter(stream, cast.ana)
    me = sender.hello["you"]
    began = clock.to_ms(clock.now())

    valid = [frame | {"user_id": cast.cleo.pk} if "user_id" in frame else frame for frame in VALID]
    for number, frame in enumerate(frames(valid, random.Random(seed), count=700)):
        if sender.code is None:
            await throw(sender, frame)
        if number % 20 == 19 and sender.code is None:
            assert all(map(documented, await answers(sender)))
        if sender.code is not None:
            assert sender.code == registry.Close.TOO_BIG  # the one fault that ends the socket at once
            sender = await enter(stream, cast.people[name])

    await ana.say("Still here")
    heard: list[Frame] = []
    while not heard or heard[-1].get("message") != "Still here":
        heard += [frame async for frame in ana.until("chat_message")]
    assert all(map(documented, heard))
    said = [frame for frame in heard if frame["type"] == "chat_message"]
    assert len(said) > 5
    for message in said[:-1]:
        assert (message["user_id"], message["username"], message["role"]) == (
            me["user_id"],
            me["username"],
            me["role"],
        )
        assert began <= message["timestamp"] <= clock.to_ms(clock.now())
        assert len(message["message"]) <= limits.MESSAGE_CHARACTERS
    numbers = [
        frame["seq"] for frame in heard if frame["type"] in ("chat_message", "message_deleted", "message_restored")
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert await in_thread(Message.objects.count)() == len(said)
    here = hub().rooms[stream.room_id]
    async with asyncio.timeout(10):  # who asked last may be waiting for the answer
        while here._waiting or here._joining:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.integration
@pytest.mark.parametrize("seed", range(3))
async def test_a_socket_that_goes_on_is_closed_with_a_code(
    enter: Enter, cast: Cast, stream: Stream, seed: int
) -> None:
    """With the quotas as they are."""
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    for frame in frames(VALID, random.Random(seed), count=200):
        await throw(cleo, frame)
    code = await cleo.closed(within=20)

    assert code in CLOSES
    assert all(map(documented, cleo.frames))
    await ben.say("Quiet again")
    async for heard in ben.until("chat_message"):
        assert documented(heard)

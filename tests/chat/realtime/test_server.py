"""The same over a real uvicorn, with a client that is not our server's library."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from chat.domain import broadcast, message_frames, messages, posting
from chat.models import Message, Room
from chat.threads import in_thread
from docs.examples.chat_client import FINAL, Talk
from streaming.domain.watching import presence
from streaming.enums import ClassRole
from streaming.models import Stream
from streaming.signals import viewer_removed
from tests.cast import Cast
from tests.chat.conftest import room_token
from tests.chat.serving import close_code, heard, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

# As we run it; and as anybody may, through ASGI's send. A browser always offers compression.
WAYS = {
    "transport": {"ws": "chat.realtime.transport:RoomProtocol", "ws_per_message_deflate": False},
    "transport, compressing": {"ws": "chat.realtime.transport:RoomProtocol", "ws_per_message_deflate": True},
    "ASGI": {"ws": "auto", "ws_per_message_deflate": False},
}

# How long a reader may take nothing: beyond what a busy machine needs, until a signal makes it short.
STALL_BY_SIGNAL = """
import signal
from chat.realtime import connection
connection.STALLED_SECONDS = 60.0
signal.signal(signal.SIGUSR1, lambda *_: setattr(connection, "STALLED_SECONDS", 0.5))
"""


@pytest.fixture(scope="module", params=WAYS)
def server(
    request: pytest.FixtureRequest, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """uvicorn on the tests' database; its address and its log."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, prelude=STALL_BY_SIGNAL, options=WAYS[request.param]) as address:
        yield address, folder / "log"


async def heard_up_to(client: ClientConnection, seq: int) -> None:
    async with asyncio.timeout(10):
        while True:
            found = json.loads(await client.recv())
            if any(frame.get("seq") == seq for frame in (found if isinstance(found, list) else [found])):
                return


async def test_a_real_server_talks_refuses_and_keeps_tokens_out_of_its_log(
    server: tuple[str, Path], cast: Cast, stream: Stream
) -> None:
    address, log = server
    write = in_thread(room_token)
    cleos, bens = await write(stream, cast.cleo), await write(stream, cast.ben)
    room = f"{address}/room/{stream.room_id}"

    async with connect(f"{room}?token={cleos}") as cleo, connect(f"{room}?token={bens}") as ben:
        assert (await heard(cleo, "welcome"))["you"]["username"] == "Cleo"
        assert (await heard(ben, "welcome"))["viewer_count"] in (0, 1)
        await cleo.send(json.dumps({"type": "chat_message", "message": "Hi Ben", "user_id": 1, "timestamp": 0}))
        said = await heard(ben, "chat_message")
        assert (said["message"], said["user_id"]) == ("Hi Ben", cast.cleo.pk)
        await ben.send(json.dumps({"type": "chat_message", "message": "Hi Cleo"}))
        assert (await heard(cleo, "chat_message"))["message"] == "Hi Ben"
        assert (await heard(cleo, "chat_message"))["message"] == "Hi Cleo"

        await ben.send(b"\\x00binary")
        assert (await heard(ben, "error"))["code"] == "chat:frame:binary"

        # Removed in this process, closed in that one.
        await in_thread(viewer_removed.send_robust)(sender=None, room_id=stream.room_id, user_id=cast.cleo.pk)
        assert await close_code(cleo) == 4403
        await ben.send("x" * 70_000)
        assert await close_code(ben) == 1009

    for token, room_id, code in (("bad", stream.room_id, 4401), (cleos, "room-elsewhere1234", 4401), ("", "x", 4404)):
        async with connect(f"{address}/room/{room_id}?token={token}") as client:
            assert await close_code(client) == code

    said_by_server = log.read_text()
    assert f"/room/{stream.room_id}" in said_by_server
    assert cleos not in said_by_server
    assert "Traceback" not in said_by_server


async def test_the_example_client_comes_back_and_misses_nothing(
    server: tuple[str, Path], cast: Cast, room: Room
) -> None:
    address, _ = server
    post = in_thread(posting.post)
    talk = Talk()
    token = await in_thread(room_token)(room.stream, cast.cleo)
    living = asyncio.create_task(talk.live(f"{address}/room/{room.stream.room_id}?token={token}"))

    async def shows(*texts: str) -> None:
        async with asyncio.timeout(20):
            while [message["message"] for message in talk.messages.values()] != list(texts):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    first = await post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="one")
    await shows("one")
    await talk.say("two")
    await shows("one", "two")

    assert talk.socket
    talk.socket.transport.abort()
    await in_thread(messages.delete)(first.message, actor=cast.ben)
    await post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="three")
    await shows("", "two", "three")
    assert (talk.seq, talk.unsent) == (4, {})

    await in_thread(viewer_removed.send_robust)(sender=None, room_id=room.stream.room_id, user_id=cast.cleo.pk)
    assert await asyncio.wait_for(living, 10) == FINAL[4403]


def reads_little(address: str) -> socket.socket:
    """A connected socket whose kernel keeps little for a reader that stops."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    host, port = address.removeprefix("ws://").split(":")
    peer.connect((host, int(port)))
    return peer


async def test_a_peer_that_stops_reading_is_told_to_ask_and_then_cut(
    server: tuple[str, Path], cast: Cast, room: Room
) -> None:
    address, log = server
    room_id = room.stream.room_id
    tokens = [await in_thread(room_token)(room.stream, person) for person in (cast.cleo, cast.ben)]
    urls = [f"{address}/room/{room_id}?token={token}" for token in tokens]

    def told(first: int, last: int) -> None:
        for seq in range(first, last + 1):
            broadcast.event(room_id, message_frames.of_message(Message(seq=seq, pk=seq, text="x" * 4000)))

    async with (
        connect(urls[0], sock=reads_little(address), max_queue=1, ping_interval=None) as slow,
        connect(urls[1]) as quick,
    ):
        await heard(slow, "welcome")
        await heard(quick, "welcome")
        slow.transport.pause_reading()
        for first in range(1, 1001, 100):
            await in_thread(told)(first, first + 99)
            await heard_up_to(quick, first + 99)
        slow.transport.resume_reading()
        await heard(slow, "refetch")

        # Now for good: it leaves the room although it never says goodbye.
        os.kill(int(log.read_text().partition("Started server process [")[2].partition("]")[0]), signal.SIGUSR1)
        slow.transport.pause_reading()
        await in_thread(told)(1001, 2000)
        async with asyncio.timeout(20):
            while {here.user_id for here in await in_thread(presence.people)(room_id)} != {cast.ben.pk}:
                await heard(quick, "presence")
    assert "Traceback" not in log.read_text()

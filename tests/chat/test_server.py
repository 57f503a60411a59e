"""The same over a real uvicorn, with a client that is not our server's library."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from chat.crossing import crossing
from chat.domain import messages, posting
from chat.models import Room
from docs.examples.chat_client import FINAL, Talk
from streaming.enums import Standing
from streaming.models import Stream
from streaming.signals import viewer_removed
from tests.cast import Cast
from tests.chat.conftest import Frame, room_token
from tests.services.child import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

PROGRAM = """
import sys
import uvicorn
uvicorn.run("fitfriends.asgi:application", host="127.0.0.1", port=int(sys.argv[1]), ws_max_size=65536,
            ws_per_message_deflate=False, access_log=False, log_level="info")
"""


@pytest.fixture
def server(stream: Stream, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """uvicorn on this test's database; its address and its log."""
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fitfriends.settings.test",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}",
    }
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(port)], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 60
        while not _listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield f"ws://127.0.0.1:{port}", log
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def heard(client: ClientConnection, kind: str) -> Frame:
    async with asyncio.timeout(10):
        while True:
            found = json.loads(await client.recv())
            for frame in found if isinstance(found, list) else [found]:
                if frame["type"] == kind:
                    kept: Frame = frame
                    return kept


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(10):
        try:
            while True:
                await client.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


async def test_a_real_server_talks_refuses_and_keeps_tokens_out_of_its_log(
    server: tuple[str, Path], cast: Cast, stream: Stream
) -> None:
    address, log = server
    write = crossing(room_token)
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
        await crossing(viewer_removed.send_robust)(sender=None, room_id=stream.room_id, user_id=cast.cleo.pk)
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
    post = crossing(posting.post)
    talk = Talk()
    token = await crossing(room_token)(room.stream, cast.cleo)
    living = asyncio.create_task(talk.live(f"{address}/room/{room.stream.room_id}?token={token}"))

    async def shows(*texts: str) -> None:
        async with asyncio.timeout(20):
            while [message["message"] for message in talk.messages.values()] != list(texts):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    first = await post(room, author=cast.ben, role=Standing.INSTRUCTOR, text="one")
    await shows("one")
    await talk.say("two")
    await shows("one", "two")

    assert talk.socket
    talk.socket.transport.abort()
    await crossing(messages.delete)(first.message, actor=cast.ben)
    await post(room, author=cast.ben, role=Standing.INSTRUCTOR, text="three")
    await shows("", "two", "three")
    assert (talk.seq, talk.unsent) == (4, {})

    await crossing(viewer_removed.send_robust)(sender=None, room_id=room.stream.room_id, user_id=cast.cleo.pk)
    assert await asyncio.wait_for(living, 10) == FINAL[4403]

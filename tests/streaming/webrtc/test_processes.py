"""Two socket processes on one gateway: each has its own peers, and one that dies takes only them along."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from media_worker.sfu.gateway.server import Gateway as Server
from streaming.enums import Role
from streaming.models import Stream
from streaming.webrtc.threads import in_thread
from tests.cast import Cast
from tests.chat.conftest import room_token
from tests.chat.serving import heard, serving
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services import janus as service
from tests.streaming.webrtc.conftest import change

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


@pytest.fixture
async def server(janus_server: service.Server, tmp_path: Path) -> AsyncIterator[Server]:
    before = await janus_server.handles()
    async with gateways.serving(janus_server, tmp_path / "sfu.sock") as found:
        await gateways.until(lambda: found.hub.host.janus is not None)
        yield found
    await janus_server.holding(before)


async def say(socket: ClientConnection, **frame: object) -> None:
    await socket.send(json.dumps(frame))


async def test_process_that_ends_takes_its_own_peers_along(
    server: Server, stream: Stream, cast: Cast, tmp_path: Path
) -> None:
    await change(stream, ingest_client_id="")
    hers = await in_thread(room_token)(stream, cast.ben, role=Role.PUBLISHER)
    theirs = await in_thread(room_token)(stream, cast.cleo)
    publisher, viewer, processes, second = Publisher(), Viewer(), ExitStack(), ExitStack()
    options = {"SFU_SOCKET": str(tmp_path / "sfu.sock"), "RTMP_PULL_URL": "rtmp://127.0.0.1:9/live"}

    def start(name: str, stack: ExitStack) -> str:
        (tmp_path / name).mkdir()
        return stack.enter_context(serving(tmp_path / name, prelude="", **options))  # type: ignore[arg-type]

    try:
        one, two = await asyncio.gather(
            asyncio.to_thread(start, "one", processes), asyncio.to_thread(start, "two", second)
        )
        async with (
            connect(f"{one}/webrtc/{stream.room_id}?token={hers}", proxy=None) as ben,
            connect(f"{two}/webrtc/{stream.room_id}?token={theirs}", proxy=None) as cleo,
        ):
            await say(ben, type="publish", sdp=await publisher.offer())
            await publisher.accept((await heard(ben, "answer"))["sdp"])
            await heard(cleo, "ready")
            await say(cleo, type="subscribe")
            offer = await heard(cleo, "offer")
            await say(cleo, type="answer", sid=offer["sid"], sdp=await viewer.answer(offer["sdp"]))
            await gateways.flows(viewer, "audio", "video")

            await asyncio.to_thread(second.close)

            await gateways.until(lambda: server.hub.counts().viewers == 0)
            assert server.hub.counts().peers == 1
            await say(ben, type="ping", at=5)
            assert (await heard(ben, "pong"))["at"] == 5
    finally:
        await asyncio.to_thread(processes.close)
        await publisher.close()
        await viewer.close()

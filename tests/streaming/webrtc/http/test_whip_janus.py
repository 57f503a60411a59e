"""WHIP and WHEP end to end: ffmpeg as an encoder that we did not write, aiortc for what ffmpeg does not do."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import imageio_ffmpeg
import pytest

from media_worker.sfu.gateway.server import Gateway as Server
from streaming.enums import Role
from streaming.models import Stream
from streaming.webrtc.threads import in_thread
from tests.cast import Cast
from tests.chat.conftest import room_token
from tests.chat.serving import serving
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services import janus as service
from tests.streaming.webrtc.conftest import change

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration, pytest.mark.media]

TRICKLES = {"Content-Type": "application/trickle-ice-sdpfrag"}
DESCRIBES = {"Content-Type": "application/sdp"}


@pytest.fixture
async def server(janus_server: service.Server, tmp_path: Path) -> AsyncIterator[Server]:
    before = await janus_server.handles()
    async with gateways.serving(janus_server, tmp_path / "sfu.sock") as found:
        await gateways.until(lambda: found.hub.host.janus is not None)
        yield found
    await janus_server.holding(before)


@pytest.fixture
def sockets_process(server: Server, stream: Stream, tmp_path: Path) -> Iterator[str]:
    """A real uvicorn on the gateway; its address."""
    with serving(tmp_path, SFU_SOCKET=str(tmp_path / "sfu.sock"), RTMP_PULL_URL="rtmp://127.0.0.1:9/live") as address:
        yield address.replace("ws://", "http://")


async def test_ffmpeg_publishes_and_says_goodbye(
    sockets_process: str, server: Server, stream: Stream, cast: Cast
) -> None:
    await change(stream, ingest_client_id="")
    token = await in_thread(room_token)(stream, cast.ben, role=Role.PUBLISHER)
    argv = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", "-re"),
        *("-f", "lavfi", "-i", "testsrc=size=320x180:rate=15", "-f", "lavfi", "-i", "sine=sample_rate=48000"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-bf", "0", "-g", "15"),
        *("-pix_fmt", "yuv420p", "-c:a", "libopus", "-ac", "2", "-ar", "48000"),
        *("-f", "whip", "-authorization", token, f"{sockets_process}/whip/{stream.room_id}"),
    ]
    encoder = await asyncio.create_subprocess_exec(
        *argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    viewer = Viewer()
    try:
        async with httpx.AsyncClient(base_url=sockets_process) as http:
            await gateways.until(lambda: server.hub.counts().peers == 1)
            address = await watch(http, stream, cast, viewer)
            await gateways.flows(viewer, "audio", "video")
            encoder.terminate()
            await asyncio.wait_for(encoder.communicate(), 20)
            # Its DELETE is what ended it: silence would have taken five seconds, and the viewer's end follows.
            await gateways.until(lambda: not server.hub.counts().peers)
            assert (await http.delete(address, headers=await bears(stream, cast))).status_code == 404
    finally:
        await viewer.close()
        if encoder.returncode is None:
            encoder.kill()
            await encoder.communicate()


async def bears(stream: Stream, cast: Cast) -> dict[str, str]:
    return {"Authorization": f"Bearer {await in_thread(room_token)(stream, cast.cleo)}"}


async def watch(http: httpx.AsyncClient, stream: Stream, cast: Cast, viewer: Viewer) -> str:
    """By WHEP's counter-offer; the session's address."""
    proof = await bears(stream, cast)
    for _ in range(50):
        reply = await http.post(f"/whep/{stream.room_id}", headers=proof, timeout=20)
        if reply.status_code == 201:
            break
        assert reply.json()["code"] == "webrtc:waiting", reply.text
        await asyncio.sleep(0.2)
    offer = reply.text
    reply = await http.patch(
        reply.headers["location"], content=await viewer.answer(offer), headers=proof | DESCRIBES, timeout=20
    )
    assert reply.status_code == 204
    return str(reply.request.url.path)


async def test_client_offers_are_countered_and_ice_restarts(
    sockets_process: str, server: Server, stream: Stream, cast: Cast
) -> None:
    await change(stream, ingest_client_id="")
    ben = {"Authorization": f"Bearer {await in_thread(room_token)(stream, cast.ben, role=Role.PUBLISHER)}"}
    publisher = Publisher()
    try:
        async with httpx.AsyncClient(base_url=sockets_process, timeout=20) as http:
            offer = await publisher.offer()
            made = await http.post(f"/whip/{stream.room_id}", content=offer, headers=ben | DESCRIBES)
            assert made.status_code == 201
            await publisher.accept(made.text)
            countered = await http.post(
                f"/whep/{stream.room_id}", content=offer, headers=await bears(stream, cast) | DESCRIBES
            )
            assert countered.status_code in (406, 409)  # 409: the publisher's media is on its way
            lines = [line for line in offer.splitlines() if line.startswith(("m=", "a=mid", "a=candidate"))]
            fragment = "\r\n".join(["a=ice-ufrag:wxyz", "a=ice-pwd:zyxwvutsrqponmlkjihgfe", *lines])
            again = await http.patch(
                made.headers["location"], content=fragment, headers=ben | TRICKLES | {"If-Match": "*"}
            )
            assert (again.status_code, again.headers["content-type"]) == (200, TRICKLES["Content-Type"])
            assert "a=ice-ufrag:" in again.text
            assert (await http.delete(made.headers["location"], headers=ben)).status_code == 200
            await gateways.until(lambda: not server.hub.counts().peers)
    finally:
        await publisher.close()

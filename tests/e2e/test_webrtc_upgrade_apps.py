"""An app of one's own goes live and watches by WebRTC, on the whole stack, as docs/webrtc.md says."""

import asyncio
import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.parts import Caller, close_code_of, playable, until
from tests.e2e.test_low_latency import instructor, started
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.peers import Publisher, Viewer

__all__ = ["instructor", "started"]  # fixtures


class Line:
    """A signalling socket as the page tells to write one."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen: list[dict[str, Any]] = []
        self.pinging = asyncio.create_task(self._ping())

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(2)
            await self.send(type="ping", at=1)

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def next(self, kind: str, **fields: Any) -> dict[str, Any]:
        async with asyncio.timeout(60):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.seen.append(frame)
                if frame["type"] == kind and all(frame.get(name) == value for name, value in fields.items()):
                    return frame


async def go_live(line: Line, publisher: Publisher) -> None:
    await line.next("hello", role="publisher")
    await line.send(type="publish", sdp=await publisher.offer())
    answer = await line.next("answer")
    await publisher.accept(answer["sdp"])
    await line.next("up", sid=answer["sid"])
    await line.send(type="state", sid=answer["sid"], state="connected")
    await line.next("bridge", state="running")


async def watch(line: Line, viewer: Viewer) -> None:
    if not (await line.next("hello", role="viewer"))["ready"]:
        await line.next("ready")
    await line.send(type="subscribe")
    offer = await line.next("offer")
    await line.send(type="answer", sid=offer["sid"], sdp=await viewer.answer(offer["sdp"]))
    await line.next("up", sid=offer["sid"])
    await gateways.flows(viewer, "audio", "video")


async def test_class_of_an_app_is_near_and_far(
    demo: dict[str, Any], instructor: Caller, started: dict[str, Any]
) -> None:
    session = started["streaming_session"]
    path = f"/api/streaming/sessions/{session['id']}"
    member = Caller(demo["base_url"], demo["accounts"]["member"]["token"])
    instructor.must("POST", f"{path}/mode", json={"mode": "interactive"})
    hers = instructor.must("POST", "/api/streaming/token", json={"room_id": session["room_id"], "role": "publisher"})
    publisher, viewer = Publisher(), Viewer()
    try:
        async with connect(hers["webrtc_url"], proxy=None) as socket:
            ben = Line(socket)
            await go_live(ben, publisher)
            state = await asyncio.to_thread(
                until, lambda: member.must("GET", f"{path}/state")["stream"]["state"] == "live", what="live"
            )
            assert state
            urls = member.must("POST", f"{path}/join")["stream_urls"]
            assert await asyncio.to_thread(until, lambda: playable(urls["hls_url"]), what="the same class by HLS")
            async with connect(urls["webrtc_url"], proxy=None) as theirs:
                cleo = Line(theirs)
                await watch(cleo, viewer)
                assert member.must("GET", f"{path}/state")["viewer_count"] == 1
                instructor.must("POST", f"{path}/end")
                await cleo.next("error", code="webrtc:state")
                await ben.next("error", code="webrtc:state")
                cleo.pinging.cancel()
            ben.pinging.cancel()
        assert close_code_of(urls["webrtc_url"]) in (4401, 4404)
    finally:
        await publisher.close()
        await viewer.close()

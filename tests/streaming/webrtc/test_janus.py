"""End to end: two aiortc peers, the real socket, the real gateway, a real Janus."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from media_worker.sfu.gateway.server import Gateway as Server
from streaming.enums import Role
from streaming.models import Stream
from streaming.webrtc.hub import hub
from tests.cast import Cast
from tests.chat.conftest import Socket
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services import janus as service
from tests.streaming.webrtc.conftest import Enter, change

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


@pytest.fixture
async def server(janus_server: service.Server, tmp_path: Path) -> AsyncIterator[Server]:
    """Afterwards Janus holds nothing more than before."""
    before = await janus_server.handles()
    async with gateways.serving(janus_server, tmp_path / "sfu.sock") as found:
        await gateways.until(lambda: found.hub.host.janus is not None)
        yield found
        await gateways.until(lambda: not found.hub.counts().peers)
        await hub().close()
    await janus_server.holding(before)


async def publish(socket: Socket, publisher: Publisher) -> str:
    await socket.send({"type": "publish", "sdp": await publisher.offer()})
    answer = await socket.next("answer", within=20)
    await publisher.accept(answer["sdp"])
    assert (await socket.next("up", within=20))["sid"] == answer["sid"]
    return str(answer["sid"])


async def watch(socket: Socket, viewer: Viewer) -> str:
    await socket.send({"type": "subscribe"})
    offer = await socket.next("offer", within=20)
    await socket.send({"type": "answer", "sid": offer["sid"], "sdp": await viewer.answer(offer["sdp"])})
    assert (await socket.next("up", within=20))["sid"] == offer["sid"]
    return str(offer["sid"])


async def test_class_is_published_watched_reloaded_and_left(
    server: Server, enter_real: Enter, stream: Stream, cast: Cast
) -> None:
    await change(stream, ingest_client_id="")
    ben, cleo = await enter_real(stream, cast.ben, Role.PUBLISHER), await enter_real(stream, cast.cleo)
    await cleo.send({"type": "subscribe"})
    assert (await cleo.next("error"))["code"] == "webrtc:waiting"

    before, after, viewer, again = Publisher(), Publisher(), Viewer(), Viewer()
    try:
        await publish(ben, before)
        await cleo.next("ready", within=20)
        watching = await watch(cleo, viewer)
        await gateways.flows(viewer, "audio", "video")

        # The page is loaded again: a new socket and a new peer, and the old one has to give way.
        reloaded = await enter_real(stream, cast.ben, Role.PUBLISHER)
        await publish(reloaded, after)
        assert (await ben.next("error", within=20))["code"] == "webrtc:replaced"
        assert (await cleo.next("reconnect", within=20))["sid"] == watching
        await cleo.next("ready", within=20)
        await watch(cleo, again)
        await gateways.flows(again, "audio", "video")

        await reloaded.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
        await cleo.next("gone", within=20)
        await cleo.next("reconnect", within=20)
    finally:
        for peer in (before, after, viewer, again):
            await peer.close()


async def test_ice_restarts_on_both_sides(server: Server, enter_real: Enter, stream: Stream, cast: Cast) -> None:
    await change(stream, ingest_client_id="")
    ben, cleo = await enter_real(stream, cast.ben, Role.PUBLISHER), await enter_real(stream, cast.cleo)
    publisher, viewer = Publisher(), Viewer()
    try:
        sid = await publish(ben, publisher)
        watching = await watch(cleo, viewer)

        await ben.send({"type": "restart", "sid": sid, "sdp": publisher.connection.localDescription.sdp})
        assert (await ben.next("answer", within=20))["sid"] == sid
        await cleo.send({"type": "restart", "sid": watching})
        assert "a=ice-ufrag:" in (await cleo.next("offer", within=20))["sdp"]
        await cleo.send({"type": "restart", "sid": watching, "sdp": "v=0\r\nnonsense"})
        assert (await cleo.next("error"))["code"] == "webrtc:sdp"
    finally:
        await publisher.close()
        await viewer.close()


@pytest.mark.parametrize(
    "fault",
    [("UDP/TLS/RTP/SAVPF", "RTP/AVP", "webrtc:sdp"), ("opus/48000", "opuz/48000", "webrtc:codec")],
)
async def test_offers_that_janus_must_not_see(
    server: Server, enter_real: Enter, stream: Stream, cast: Cast, fault: tuple[str, str, str]
) -> None:
    old, new, code = fault
    await change(stream, ingest_client_id="")
    ben = await enter_real(stream, cast.ben, Role.PUBLISHER)
    publisher = Publisher()
    try:
        await ben.send({"type": "publish", "sdp": (await publisher.offer()).replace(old, new)})
        assert (await ben.next("error", within=20))["code"] == code
    finally:
        await publisher.close()

"""What happens when Janus, the gateway, a client's process or a peer dies."""

import asyncio
import time
from pathlib import Path

import pytest

from media_worker.sfu.errors import SfuError
from media_worker.sfu.gateway.host import Timeouts
from media_worker.sfu.gateway.protocol import Ready, Reset, SourceGone
from media_worker.sfu.janus import videoroom
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.streaming import Streaming
from media_worker.sfu.janus.videoroom import VideoRoom
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.gateways import EventLog, Stage, flows, serving, staged
from tests.media_worker.sfu.peers import Publisher
from tests.services import janus as service


async def test_killed_janus_is_back_with_media(tmp_path: Path) -> None:
    with service.running() as janus:
        async with serving(janus, tmp_path / "sfu.sock") as server, staged(tmp_path / "sfu.sock") as stage:
            await gateways.until(lambda: server.hub.host.janus is not None)
            await stage.publish()
            await stage.view()
            stage.heard.events.clear()

            janus.kill()
            janus.start()
            await asyncio.to_thread(janus.wait)

            await stage.heard.of(Reset)
            await gateways.until(lambda: server.hub.host.janus is not None)
            await stage.publish()
            _, viewer = await stage.view()
            await flows(viewer)
            assert (await stage.client.count()).peers == 2


async def test_without_janus_it_is_said(tmp_path: Path) -> None:
    with service.running() as janus:
        janus.kill()
        async with serving(janus, tmp_path / "sfu.sock") as server, staged(tmp_path / "sfu.sock") as stage:
            with pytest.raises(SfuError) as refused:
                await stage.client.subscribe(stage.heard, room="r", person="p")
            assert refused.value.code == "webrtc:unavailable"

            janus.start()
            await asyncio.to_thread(janus.wait)
            await gateways.until(lambda: server.hub.host.janus is not None)


async def test_without_gateway_it_is_said_and_watching_goes_on(janus_server: service.Server, tmp_path: Path) -> None:
    path = tmp_path / "sfu.sock"
    async with staged(path) as stage:
        watching = EventLog()
        with pytest.raises(SfuError) as refused:
            await stage.client.count()
        assert refused.value.code == "webrtc:unavailable"
        await stage.client.watch(watching, stage.room)

        async with serving(janus_server, path) as server:
            await gateways.until(lambda: server.hub.host.janus is not None)
            await stage.publish()
            await watching.of(Ready)

        await watching.of(Reset)
        async with serving(janus_server, path) as server:
            await gateways.until(lambda: bool(server.hub.rooms))  # it watches again, unasked


async def test_leftovers_of_a_killed_gateway_are_removed(janus_server: service.Server, tmp_path: Path) -> None:
    secrets = janus_server.secrets
    killed = Janus(janus_server.path, secrets.api_secret, lost=lambda: None)
    await killed.connect()
    await VideoRoom(killed, room="room-left.peer", secrets=secrets).create()
    plugin = Streaming(killed, secrets=secrets)
    await plugin.create("room-left", pin="p", secret=secrets.room_secret("room-left"))
    await killed.close()

    async with serving(janus_server, tmp_path / "sfu.sock") as server:
        await gateways.until(lambda: server.hub.host.janus is not None)
        connected, now = server.hub.host.media()
        assert await videoroom.destroy_all(connected, secrets) == 0
        assert await now.mounts() == ()


async def test_peers_end_with_their_client(stage: Stage, janus_server: service.Server) -> None:
    async with staged(stage.path) as other:
        other.room = stage.room
        await stage.client.watch(stage.heard, stage.room)
        await other.publish()
        await stage.heard.of(Ready)
        watching, _ = await stage.view()

    assert await stage.gone(watching.peer) == "source"
    await stage.heard.of(SourceGone)


async def test_publisher_that_vanished_is_noticed(stage: Stage) -> None:
    publisher = Publisher()
    publishing = await stage.publish(publisher)
    await asyncio.sleep(0.5)  # both kinds flow

    began = time.monotonic()
    await publisher.vanish()

    assert await stage.gone(publishing.peer) == "no media"
    # 1 s until Janus says so and 4 s of patience; how much later is a matter of the machine.
    assert time.monotonic() - began >= 3
    await stage.heard.of(SourceGone)


async def test_client_that_says_it_failed_is_over(stage: Stage) -> None:
    await stage.publish()
    watching, _ = await stage.view()

    await stage.client.report(watching.peer, "disconnected")
    await stage.client.report(watching.peer, "failed")

    assert await stage.gone(watching.peer) == "failed"


async def test_viewer_that_never_answers_gives_its_seat_back(janus_server: service.Server, tmp_path: Path) -> None:
    hurried = Timeouts(connecting=0.3)
    path = tmp_path / "sfu.sock"
    async with serving(janus_server, path, timeouts=hurried) as server, staged(path) as stage:
        await gateways.until(lambda: server.hub.host.janus is not None)
        await stage.publish()
        opened = await stage.client.subscribe(stage.heard, room=stage.room, person="cleo")

        assert await stage.gone(opened.peer) == "no connection"
        await gateways.until(lambda: server.hub.host.taken == 0)

"""The client of Janus' API, on a real Janus."""

import asyncio
import re

import pytest

from media_worker.sfu.errors import JanusError, JanusLost, SfuError
from media_worker.sfu.janus import videoroom
from media_worker.sfu.janus.client import Janus, JanusEvent
from media_worker.sfu.janus.secrets import RoomSecrets
from media_worker.sfu.janus.streaming import Streaming
from media_worker.sfu.janus.videoroom import VideoRoom
from tests.services import janus as service


async def test_wrong_api_secret_is_refused(janus_server: service.Server) -> None:
    stranger = Janus(janus_server.path, "wrong", lost=lambda: None)

    with pytest.raises(JanusError) as refused:
        await stranger.connect()

    assert refused.value.number == 403
    assert not stranger.connected


async def test_nobody_there_is_said(tmp_path: object) -> None:
    with pytest.raises(JanusLost):
        await Janus(f"{tmp_path}/none.sock", "", lost=lambda: None).connect()


async def test_requests_at_once_get_their_own_answers(janus: Janus, secrets: RoomSecrets) -> None:
    rooms = [VideoRoom(janus, room=f"r{number}", secrets=secrets) for number in range(8)]

    await asyncio.gather(*(room.create() for room in rooms))

    assert len(janus.handles) == 8
    await asyncio.gather(*(room.destroy() for room in rooms))
    assert janus.handles == {}


async def test_too_long_for_janus_is_refused_here(janus: Janus) -> None:
    handle = await janus.attach(videoroom.PLUGIN, "long", lambda _: None)
    room = "x" * 7900

    with pytest.raises(JanusError):  # read by Janus: there is no such room
        await handle.message({"request": "join", "ptype": "publisher", "room": room})
    with pytest.raises(SfuError) as refused:
        await handle.message({"request": "join", "ptype": "publisher", "room": room + "x" * 300})

    assert refused.value.code == "webrtc:sdp"
    await handle.detach()
    await handle.detach()


async def test_room_is_locked_by_key_and_secret(janus: Janus, secrets: RoomSecrets) -> None:
    room = VideoRoom(janus, room="locked", secrets=secrets)
    await room.create()
    handle = await janus.attach(videoroom.PLUGIN, "stranger", lambda _: None)
    try:
        for body, number in (
            ({"request": "create", "room": "another"}, 429),
            ({"request": "destroy", "room": "locked"}, 429),
            ({"request": "join", "ptype": "publisher", "room": "locked"}, 429),
            ({"request": "join", "ptype": "publisher", "room": "locked", "pin": "wrong"}, 433),
        ):
            with pytest.raises(JanusError) as refused:
                await handle.message(dict(body))
            assert refused.value.number == number, body
    finally:
        await handle.detach()
        await room.destroy()


async def test_leftover_room_is_made_anew_and_reconciled(janus: Janus, secrets: RoomSecrets) -> None:
    await VideoRoom(janus, room="left", secrets=secrets).create()
    await VideoRoom(janus, room="left", secrets=secrets).create()

    assert await videoroom.destroy_all(janus, secrets) == 1
    assert await videoroom.destroy_all(janus, secrets) == 0


async def test_mountpoint_offers_h264_and_opus(janus: Janus, secrets: RoomSecrets) -> None:
    plugin = Streaming(janus, secrets=secrets)
    pin, secret = secrets.room_pin("m"), secrets.room_secret("m")
    for _ in range(2):  # the second finds the first one's leftover
        ports = await plugin.create("m", pin=pin, secret=secret)

    assert len({ports.audio, ports.video, ports.video_rtcp}) == 3
    assert await plugin.mounts() == ("m",)
    with pytest.raises(JanusError):
        await plugin.watch("m", pin="wrong", on_event=lambda _: None)
    events: list[JanusEvent] = []
    watching = await plugin.watch("m", pin=pin, on_event=events.append)
    assert re.findall(r"a=rtpmap:\d+ (\w+)/", watching.sdp) == ["opus", "H264", "rtx"]
    assert "a=candidate" in watching.sdp
    await watching.handle.detach()
    assert await plugin.destroy_all() == 1
    assert await plugin.mounts() == ()
    await plugin.close()


async def test_feed_of_nobody_cannot_be_watched(janus: Janus, secrets: RoomSecrets) -> None:
    room = VideoRoom(janus, room="empty", secrets=secrets)
    await room.create()

    with pytest.raises(JanusError):
        await room.subscribe(feed="nobody", on_event=lambda _: None)

    assert await room.feeds() == ()
    await room.stop_forward("nobody", 1)
    await room.destroy()
    await room.destroy()


async def test_death_of_janus_is_noticed_at_once(janus_server: service.Server) -> None:
    with service.running() as server:
        lost = asyncio.Event()
        connection = Janus(server.path, server.secrets.api_secret, lost=lost.set)
        await connection.connect()
        server.kill()
        async with asyncio.timeout(5):
            await lost.wait()
        assert not connection.connected
        with pytest.raises(JanusLost):
            await connection.attach(videoroom.PLUGIN, "late", lambda _: None)
        await connection.close()

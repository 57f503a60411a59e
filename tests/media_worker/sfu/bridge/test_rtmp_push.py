"""From a real publisher through a real Janus to the RTMP door, and what members then hear and see."""

import asyncio
import os
import signal
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from media_worker.sfu.bridge import rtmp_push as bridge_in
from media_worker.sfu.bridge.events import BridgeState
from media_worker.sfu.bridge.rtmp_push import Limits, RtmpPush
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.secrets import RoomSecrets
from media_worker.sfu.janus.videoroom import VideoRoom
from tests.deploy.conftest import stack
from tests.deploy.ingest import KEY, ROOM, ingest
from tests.deploy.ingest import Ingest as Door
from tests.media_worker.owner import ffmpegs
from tests.media_worker.sfu import lipsync, talker
from tests.media_worker.sfu.bridge_states import BridgeStates

__all__ = ["ingest", "stack"]  # fixtures

pytestmark = pytest.mark.media
QUICK = Limits(video=1.5, still=2.0, refused=1.0)


type Joins = Callable[..., Awaitable[tuple[talker.Talker, RtmpPush, BridgeStates]]]


@pytest.fixture
async def join(janus: Janus, secrets: RoomSecrets, ingest: Door) -> AsyncIterator[Joins]:
    """A publisher and her bridge; both are gone afterwards, with all that they started."""
    room = VideoRoom(janus, room="r", secrets=secrets)
    await room.create()
    made: list[tuple[talker.Talker, RtmpPush]] = []

    async def joined(
        *, key: str = KEY, codec: str = "H264", late: float = 0, video: bool = True
    ) -> tuple[talker.Talker, RtmpPush, BridgeStates]:
        one = await talker.join(room, "f", codec=codec, late=late, video=video)
        on_state = BridgeStates()
        bridge = RtmpPush(
            room=room,
            feed="f",
            streams=one.published.streams,
            push_url=ingest.url(key),
            on_state=on_state,
            limits=QUICK,
        )
        made.append((one, bridge))
        await bridge.start()
        return one, bridge, on_state

    yield joined
    for one, bridge in made:
        await bridge.close()
        await bridge.close()
        await one.leave()
    await room.destroy()
    assert ffmpegs() == []


async def record(ingest: Door, target: Path, seconds: float) -> Path:
    """What a member gets, by another ffmpeg."""
    argv = ["ffmpeg", "-v", "error", "-y", "-analyzeduration", "3000000", "-i", ingest.url(ROOM)]
    process = await asyncio.create_subprocess_exec(*argv, "-t", str(seconds), "-c", "copy", str(target))
    async with asyncio.timeout(30):
        await process.wait()
    return target


async def test_lips_are_in_time_when_the_picture_comes_late(join: Joins, ingest: Door, tmp_path: Path) -> None:
    _, bridge, on_state = await join(late=1.5)
    await on_state.until("running")

    found = lipsync.offsets(await record(ingest, tmp_path / "late.mkv", 4))

    assert len(found) >= 2
    assert abs(statistics.median(found)) < 0.06
    assert asyncio.get_running_loop().time() - bridge.media_seen() < 1
    assert [one.state for one in on_state] == ["starting", "running"]


async def test_vp8_is_encoded_and_in_time(join: Joins, ingest: Door, tmp_path: Path) -> None:
    _, _, on_state = await join(codec="VP8")
    await on_state.until("running")

    found = lipsync.offsets(await record(ingest, tmp_path / "vp8.mkv", 4))

    assert len(found) >= 2
    assert abs(statistics.median(found)) < 0.06


async def test_turned_phone_and_dead_converter_go_on(join: Joins, ingest: Door) -> None:
    one, _, on_state = await join()
    place = await on_state.until("running")

    assert one.flash is not None
    one.flash.size = (240, 320)
    place = await on_state.until("running", after=await on_state.until("starting", after=place))
    (pid,) = ffmpegs()
    os.kill(pid, signal.SIGKILL)
    await on_state.until("running", after=await on_state.until("failed", "bridge:ffmpeg", after=place))

    assert len(ingest.called("publish")) == 3


async def test_sound_alone_gets_a_still_picture(join: Joins, ingest: Door) -> None:
    _, _, on_state = await join(video=False)
    await on_state.until("running", "bridge:no-video")

    assert ingest.called("publish")


async def test_refusal_is_said_after_a_while(join: Joins, ingest: Door) -> None:
    _, _, on_state = await join(key="somebody-guesses")

    await on_state.until("failed", "bridge:refused")

    assert [state.state for state in on_state] == ["starting", "failed"]
    assert len(ingest.called("publish")) >= 2


async def test_publisher_who_sends_nothing_is_reported(join: Joins) -> None:
    one, _, on_state = await join()
    await one.peer.close()

    await on_state.until("failed", "bridge:no-media")


def test_words_never_carry_the_key() -> None:
    said = [value for value in vars(bridge_in).values() if isinstance(value, BridgeState)]

    assert len(said) == 7
    assert not any("rtmp" in one.words for one in said)

"""From the RTMP door through a real Janus to a WebRTC viewer."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from media_worker.sfu.bridge.rtmp_pull import Limits, RtmpPull
from media_worker.sfu.errors import SfuError
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.secrets import RoomSecrets
from media_worker.sfu.janus.streaming import Streaming
from media_worker.sfu.rtp.mountpoint_feeder import MountpointFeeder
from tests.deploy.conftest import stack
from tests.deploy.ingest import KEY, ROOM, ingest
from tests.deploy.ingest import Ingest as Door
from tests.media_worker.owner import ffmpegs
from tests.media_worker.sfu.bridge_states import BridgeStates
from tests.media_worker.sfu.rtp.test_packets import rtp

__all__ = ["ingest", "stack"]  # fixtures

pytestmark = pytest.mark.media
HD_KEYFRAME = 260  # packets of 1200 bytes: 1080p at 4 Mbit/s, once in two seconds


class Encoder:
    """A broadcaster with a keyframe a second; `words` go to x264."""

    def __init__(self, url: str, *words: str) -> None:
        argv = ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=15,format=yuv420p"]
        argv += ["-f", "lavfi", "-i", "sine=r=48000", "-c:v", "libx264", "-preset", "ultrafast", "-g", "15", *words]
        self._process = subprocess.Popen([*argv, "-c:a", "aac", "-f", "flv", url], stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


type Mounts = Callable[..., Awaitable[tuple[RtmpPull, BridgeStates]]]


@pytest.fixture
async def mount(janus: Janus, secrets: RoomSecrets, ingest: Door) -> AsyncIterator[Mounts]:
    """A mountpoint named m; nothing of it is left afterwards."""
    plugin = Streaming(janus, secrets=secrets)
    made: list[RtmpPull] = []

    async def mounted(*, copy: bool | None = None, limits: Limits | None = None) -> tuple[RtmpPull, BridgeStates]:
        on_state = BridgeStates()
        secret = secrets.room_secret("m")
        one = RtmpPull(
            plugin=plugin,
            room="m",
            pull_url=ingest.url(ROOM),
            pin="p",
            secret=secret,
            copy=copy,
            on_state=on_state,
            limits=limits,
        )
        made.append(one)
        await one.start()
        return one, on_state

    yield mounted
    for one in made:
        await one.close()
        await one.close()
    assert await plugin.mounts() == ()
    await plugin.close()
    assert ffmpegs() == []


@pytest.fixture
def encode(ingest: Door, mount: Mounts) -> Iterator[Callable[..., Encoder]]:
    """Encoders that are gone before their mountpoint is."""
    made: list[Encoder] = []

    def start(*words: str) -> Encoder:
        made.append(Encoder(ingest.url(KEY), *words))
        return made[-1]

    yield start
    for one in made:
        one.stop()


class Viewer:
    """Counts the frames that it decodes."""

    def __init__(self) -> None:
        self.frames = 0
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, track: MediaStreamTrack) -> None:
        task = asyncio.create_task(self._follow(track))
        self._tasks.add(task)

    async def _follow(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                await track.recv()
                if track.kind == "video":
                    self.frames += 1
                    self._arrived.set()
        except MediaStreamError:
            return

    async def more(self, count: int) -> None:
        """Until so many more frames came."""
        wanted = self.frames + count
        async with asyncio.timeout(20):
            while self.frames < wanted:
                self._arrived.clear()
                await self._arrived.wait()


@asynccontextmanager
async def watching(plugin: Streaming) -> AsyncIterator[Viewer]:
    peer, viewer = RTCPeerConnection(), Viewer()
    peer.on("track", viewer.follow)
    offered = await plugin.watch("m", pin="p", on_event=lambda _: None)
    await peer.setRemoteDescription(RTCSessionDescription(offered.sdp, "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    await plugin.start(offered.handle, peer.localDescription.sdp)
    yield viewer
    await peer.close()
    await offered.handle.detach()


async def test_picture_is_copied_and_survives_its_encoder(
    encode: Callable[..., Encoder], mount: Mounts, janus: Janus, secrets: RoomSecrets
) -> None:
    first = encode("-tune", "zerolatency")
    one, on_state = await mount(limits=Limits(silence=1.0))
    assert one.copying
    plugin = Streaming(janus, secrets=secrets)
    async with watching(plugin) as viewer:
        await viewer.more(20)
        first.stop()
        place = await on_state.until("failed", "bridge:no-media")
        encode("-tune", "zerolatency")
        await on_state.until("running", after=place)
        await viewer.more(20)
    await plugin.close()


async def test_b_frames_are_encoded_away(
    encode: Callable[..., Encoder], mount: Mounts, janus: Janus, secrets: RoomSecrets
) -> None:
    encode("-bf", "2", "-b_strategy", "0")

    one, _ = await mount()

    assert not one.copying
    plugin = Streaming(janus, secrets=secrets)
    async with watching(plugin) as viewer:
        await viewer.more(20)
    await plugin.close()


async def test_nothing_to_watch_is_said(mount: Mounts) -> None:
    with pytest.raises(SfuError) as refused:
        await mount(limits=Limits(start=1.0))

    assert refused.value.code == "webrtc:waiting"


def lost_at(port: int) -> int:
    """Datagrams that the kernel threw away because this port's socket was full."""
    lines = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()]
    return sum(int(line[-1]) for line in lines if line[1].endswith(f":{port:04X}"))


async def test_keyframe_of_hd_gets_into_janus(janus: Janus, secrets: RoomSecrets) -> None:
    """Janus opens that socket itself, with the kernel's default buffer."""
    plugin = Streaming(janus, secrets=secrets)
    secret = secrets.room_secret("hd")
    ports = await plugin.create("hd", pin="p", secret=secret)
    feeder = MountpointFeeder(audio=ports.audio, video=ports.video)
    await feeder.open()
    feeder.begin(copied=False)
    parameters = bytes.fromhex("78 0009 6742c01e da0280f6 40 0004 68ce3c80".replace(" ", ""))
    source, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=("127.0.0.1", feeder.video_port)
    )
    source.sendto(rtp(parameters, sequence=0, kind=102))
    for number in range(HD_KEYFRAME):
        head = b"\x7c" + (b"\x85" if number == 0 else b"\x05")
        source.sendto(rtp(head + bytes(1186), sequence=number + 1, kind=102))

    async with asyncio.timeout(10):
        await feeder.watchable.wait()
        while feeder.forwarded < HD_KEYFRAME + 1:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.01)

    assert lost_at(ports.video) == 0
    source.close()
    feeder.close()
    await plugin.destroy("hd", secret=secret)
    await plugin.close()

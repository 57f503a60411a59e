"""What a viewer costs Janus, and what fifty who come at once cost the instructor.

    var/venv/bin/python -m benchmarks.webrtc.capacity [--viewers 1 20 60 100] [--storm 50] [--seconds 6]

A private Janus on the first core; our gateway, a publisher of an encoded 720p clip and the viewers in one process on
the last. Viewers are aiortc's with real ICE and DTLS; all but one read no further than their first packet of media.
The storm has no encoder behind it: counted is what Janus asks the publisher for.
"""

import argparse
import asyncio
import fractions
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from aiortc import MediaStreamTrack, RTCConfiguration, RTCRtpSender, RTCSessionDescription
from pylibsrtp import Error as SrtpError

from benchmarks import harness
from media_worker.sfu.gateway.client import Gateway
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.gateways import Stage
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services import janus as service

CLIP_SECONDS = 10
GOAL_CORE = 1.0  # % of a core a viewer, at 1.4 Mbit/s
GOAL_KEYFRAMES = 2.0  # a second
_TICKS = os.sysconf("SC_CLK_TCK")


class Clip(MediaStreamTrack):
    """The encoded packets of one kind, again and again, each when it is due."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__()
        self.kind = kind
        with av.open(str(path)) as container:
            stream = container.streams.video[0] if kind == "video" else container.streams.audio[0]
            found = [packet for packet in container.demux(stream) if packet.pts is not None]
        first = found[0].pts or 0
        self._packets = [(bytes(packet), ((packet.pts or 0) - first) * float(packet.time_base)) for packet in found]
        self._base = fractions.Fraction(1, 90_000 if kind == "video" else 48_000)
        self._began = time.monotonic()
        self._sent = 0

    async def recv(self) -> "av.Packet[Any]":
        rounds, index = divmod(self._sent, len(self._packets))
        data, offset = self._packets[index]
        due = rounds * CLIP_SECONDS + offset
        await asyncio.sleep(max(0.0, self._began + due - time.monotonic()))
        packet = av.Packet(data)
        packet.time_base = self._base
        packet.pts = round(due / self._base)
        self._sent += 1
        return packet


class Broadcaster(Publisher):
    """Sends a clip as it is."""

    def __init__(self, clip: Path) -> None:
        super().__init__(video=False, audio=False)
        for kind in ("audio", "video"):
            sender = self.connection.addTrack(Clip(clip, kind))
            if kind == "video":
                known = RTCRtpSender.getCapabilities("video").codecs
                h264 = [codec for codec in known if codec.mimeType == "video/H264"]
                self.connection.getTransceivers()[-1].setCodecPreferences(h264)
                self.count_requests(sender)


class Arrived(Viewer):
    """Reads its first packet of media; the others the kernel throws away, so that a hundred fit into one process."""

    def __init__(self, *, reads: bool) -> None:
        super().__init__(RTCConfiguration(iceServers=[]))
        self.datagrams = 0
        self.bytes = 0
        self.first = asyncio.Event()
        self._reads = reads

    async def answer(self, offer: str) -> str:
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        self._transport = self.connection.getReceivers()[0].transport
        self._transport.on("statechange", self._connected)
        return self.connection.localDescription.sdp

    def _connected(self) -> None:
        if self._transport.state == "connected":
            setattr(self._transport, "_rx_srtp", self)  # noqa: B010 -- where aiortc would decrypt

    def unprotect(self, data: bytes) -> bytes:
        self.datagrams += 1
        self.bytes += len(data)
        if not self.first.is_set():
            self.first.set()
            if not self._reads:
                self._deaf()
        raise SrtpError(0)

    def unprotect_rtcp(self, _data: bytes) -> bytes:
        raise SrtpError(0)

    def _deaf(self) -> None:
        ice: Any = getattr(self._transport.transport, "_connection")  # noqa: B009 -- aioice's own
        if task := getattr(ice, "_query_consent_task", None):
            task.cancel()  # nobody will read the answers
        stop: Callable[[int], object] = getattr(asyncio.get_running_loop(), "_remove_reader")  # noqa: B009
        for protocol in getattr(ice, "_protocols"):  # noqa: B009
            stop(protocol.transport.get_extra_info("socket").fileno())


@dataclass(frozen=True, slots=True)
class Reading:
    janus: float
    here: float
    bytes: int  # of the viewer that reads on
    sent: int  # UDP datagrams of the whole machine
    at: float


def _read(pid: int, viewers: list[Arrived]) -> Reading:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Reading(
        (int(fields[11]) + int(fields[12])) / _TICKS,
        used.ru_utime + used.ru_stime,
        viewers[0].bytes if viewers else 0,
        _sent(),
        time.monotonic(),
    )


def _sent() -> int:
    names, values = (
        line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Udp:")
    )
    return int(values[names.index("OutDatagrams")])


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))


async def _join(stage: Stage, number: int) -> Arrived:
    viewer = Arrived(reads=number == 0)
    await stage.view(viewer, person=f"viewer-{number}")
    await viewer.first.wait()
    return viewer


async def _level(pid: int, stage: Stage, viewers: list[Arrived], wanted: int, seconds: float) -> dict[str, object]:
    while len(viewers) < wanted:
        some = range(len(viewers), min(wanted, len(viewers) + 10))
        viewers += await asyncio.gather(*(_join(stage, number) for number in some))
    await asyncio.sleep(1)
    before = _read(pid, viewers)
    await asyncio.sleep(seconds)
    after = _read(pid, viewers)
    lasted = after.at - before.at
    share = (after.janus - before.janus) / lasted * 100
    return {
        "viewers": wanted,
        "Janus % of a core": round(share, 1),
        "% a viewer": round(share / wanted, 2) if wanted else 0.0,
        "Mbit/s a viewer": round((after.bytes - before.bytes) * 8 / lasted / 1e6, 2),
        "packets/s of the machine": round((after.sent - before.sent) / lasted),
        "Janus MB": round(_status(pid, "VmRSS") / 1024),
        "threads": _status(pid, "Threads"),
        "viewers' process %": round((after.here - before.here) / lasted * 100),
    }


async def _storm(stage: Stage, publisher: Publisher, count: int) -> dict[str, object]:
    """All at once, and what the publisher is asked for until two seconds after the last has its first packet."""
    asked, began = publisher.asked, time.monotonic()
    await asyncio.gather(*(_join(stage, 10_000 + number) for number in range(count)))
    joined = time.monotonic() - began
    await asyncio.sleep(2)
    lasted = time.monotonic() - began
    return {
        "viewers at once": count,
        "all have media after s": round(joined, 2),
        "keyframes asked": publisher.asked - asked,
        "a second": round((publisher.asked - asked) / lasted, 2),
    }


@asynccontextmanager
async def _stage(janus: service.Server, folder: Path, seats: int) -> AsyncIterator[tuple[Stage, Broadcaster]]:
    path = folder / "sfu.sock"
    async with gateways.serving(janus, path, seats=seats) as server:
        await gateways.until(lambda: server.hub.host.janus is not None)
        client = Gateway(str(path))
        stage = Stage(client, path)
        publisher = Broadcaster(folder / "clip.ts")
        await stage.publish(publisher)
        try:
            yield stage, publisher
        finally:
            await asyncio.gather(*(peer.close() for peer in stage.peers))
            await client.disconnect()


async def _measure(
    janus: service.Server, folder: Path, asked: argparse.Namespace
) -> tuple[list[dict[str, object]], ...]:
    levels, storms = [], []
    async with _stage(janus, folder, max(asked.viewers)) as (stage, _):
        viewers: list[Arrived] = []
        for wanted in [0, *sorted(asked.viewers)]:
            levels.append(await _level(janus.pid, stage, viewers, wanted, asked.seconds))
            print(levels[-1], flush=True)
    async with _stage(janus, folder, asked.storm) as (stage, publisher):
        storms.append(await _storm(stage, publisher, asked.storm))
    return levels, storms


def _clip(path: Path) -> None:
    """Ten seconds of a moving picture at 1.3 Mbit/s, a keyframe every two, and a tone."""
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30"]
    argv += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", str(CLIP_SECONDS)]
    argv += ["-c:v", "libx264", "-profile:v", "baseline", "-preset", "veryfast", "-tune", "zerolatency", "-g", "60"]
    argv += ["-b:v", "1300k", "-maxrate", "1300k", "-bufsize", "650k", "-pix_fmt", "yuv420p"]
    argv += ["-c:a", "libopus", "-b:a", "64k", "-ac", "2", str(path)]
    subprocess.run(argv, check=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--viewers", type=int, nargs="+", default=[1, 20, 60, 100])
    options.add_argument("--storm", type=int, default=50)
    options.add_argument("--seconds", type=float, default=6)
    asked = options.parse_args()
    harness.need("ffmpeg", "janus")
    with tempfile.TemporaryDirectory(prefix="ffc-capacity-") as folder, service.running() as janus:
        _clip(Path(folder) / "clip.ts")
        os.sched_setaffinity(0, {int(harness.LOAD_CORE)})
        for thread in Path(f"/proc/{janus.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {int(harness.SERVER_CORE)})
        levels, storms = asyncio.run(_measure(janus, Path(folder), asked))
    most = levels[-1]
    harness.write("webrtc-storm", storms, {})
    verdicts = {
        f"% of a core a viewer, with {most['viewers']}": harness.judged(
            float(str(most["% a viewer"])), GOAL_CORE, more_is_better=False
        ),
        "keyframes asked a second, in the storm": harness.judged(
            float(str(storms[0]["a second"])), GOAL_KEYFRAMES, more_is_better=False
        ),
    }
    harness.write("webrtc-capacity", levels, verdicts)


if __name__ == "__main__":
    main()

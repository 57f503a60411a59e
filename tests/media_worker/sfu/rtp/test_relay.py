"""Datagrams between real sockets: held, reported, paced."""

import asyncio
import socket
import struct
import time

from media_worker.sfu.janus.videoroom import FeedStream
from media_worker.sfu.rtp import sockets
from media_worker.sfu.rtp.pacing import Pacer
from media_worker.sfu.rtp.payloads import VideoFormat
from media_worker.sfu.rtp.relay import Relay
from tests.media_worker.sfu.rtp.test_packets import rtp

STREAMS = (FeedStream("0", "audio", "opus", 111), FeedStream("1", "video", "vp8", 96))
KEYFRAME_BYTES = 312_000  # 1080p at 4 Mbit/s, once in two seconds
BUFFER = 212_992  # the kernel's default


def vp8(*, key: bool, width: int = 640, height: int = 360) -> bytes:
    head = b"\x10" + (b"\x50" if key else b"\x51") + b"\0\0\x9d\x01\x2a"
    return head + struct.pack("<HH", width, height)


class Janus:
    """Sends as Janus' forwarder does."""

    def __init__(self, ports: dict[str, int]) -> None:
        self._ports = ports
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._numbers = {"0": 0, "1": 0}

    async def send(self, mid: str, payload: bytes, timestamp: int) -> None:
        self._numbers[mid] += 1
        datagram = rtp(payload, sequence=self._numbers[mid], timestamp=timestamp, kind=96 if mid == "1" else 111)
        self._socket.sendto(datagram, ("127.0.0.1", self._ports[mid]))
        await asyncio.sleep(0.01)

    def close(self) -> None:
        self._socket.close()


class Listener:
    """An RTP port and its RTCP port."""

    def __init__(self) -> None:
        with sockets.free_pairs(1) as (self.port,):
            pass
        self._pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for offset, one in enumerate(self._pair):
            one.bind(("127.0.0.1", self.port + offset))
            one.setblocking(False)

    def media(self) -> list[bytes]:
        return self.all(self._pair[0])

    def reports(self) -> list[bytes]:
        return self.all(self._pair[1])

    def close(self) -> None:
        for one in self._pair:
            one.close()

    @staticmethod
    def all(one: socket.socket) -> list[bytes]:
        found = []
        try:
            while True:
                found.append(one.recv(2048))
        except BlockingIOError:
            return found


async def test_delivery_begins_with_reports_and_a_keyframe_and_ends_with_another_picture() -> None:
    asked: list[float] = []
    relay = Relay(STREAMS, keyframe=lambda: asked.append(time.monotonic()))
    janus = Janus(await relay.open())
    await janus.send("0", b"early sound", 0)
    await janus.send("1", vp8(key=False), 0)
    await janus.send("1", vp8(key=True), 3000)
    await janus.send("0", b"sound", 960)
    await janus.send("1", vp8(key=False), 6000)
    assert (relay.video_format, relay.flowing("audio", 5)) == (VideoFormat("vp8", 640, 360), True)

    sound, video_format = Listener(), Listener()
    ports = {"audio": sound.port, "video": video_format.port}
    await relay.deliver(ports, video_format=relay.video_format, strict=True)
    await asyncio.sleep(0.05)

    assert [datagram[12:] for datagram in video_format.media()] == [vp8(key=True), vp8(key=False)]
    assert [datagram[12:] for datagram in sound.media()] == [b"sound"]
    reports = [struct.unpack_from("!QI", one.reports()[0], 8) for one in (sound, video_format)]
    assert [timestamp for _, timestamp in reports] == [960, 3000]
    apart = (reports[0][0] - reports[1][0]) / 2**32
    assert -0.02 < apart < 0.1

    await janus.send("1", vp8(key=True, width=360, height=640), 9000)
    await asyncio.wait_for(relay.changed.wait(), 5)
    await janus.send("1", vp8(key=False), 12_000)
    assert video_format.media() == []

    await relay.deliver(ports, video_format=relay.video_format, strict=False)
    await janus.send("0", b"more", 1920)
    assert [datagram[12:16] for datagram in video_format.media()] == [b"\x10\x50\0\0", b"\x10\x51\0\0"]
    await janus.send("1", vp8(key=True, width=180, height=320), 15_000)
    assert len(video_format.media()) == 1  # the same shape
    assert not relay.changed.is_set()
    for one in (relay, janus, sound, video_format):
        one.close()


async def test_packets_that_stay_away_are_counted_and_a_keyframe_is_asked_for() -> None:
    asked: list[float] = []
    relay = Relay(STREAMS[1:], keyframe=lambda: asked.append(time.monotonic()))
    port = (await relay.open())["1"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for number in (1, 2, 5, 4):
            sender.sendto(rtp(vp8(key=False), sequence=number), ("127.0.0.1", port))
        await asyncio.sleep(0.6)
        sender.sendto(rtp(vp8(key=False), sequence=6), ("127.0.0.1", port))
        await asyncio.sleep(0.05)

    assert relay.lost == {"video": 1}
    assert len(asked) == 1
    relay.close()


async def _received(*, pace: bool) -> int:
    """How much of a keyframe arrives at a reader that looks once in 15 ms."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader, sockets.connected(_bound(reader)) as target:
        count = 0
        # On the sender's loop, so that a busy machine makes both late and not only the reader.
        pacer = Pacer(lambda datagram: sockets.send(target, datagram), buffer=BUFFER)
        for _ in range(KEYFRAME_BYTES // 1200):
            pacer.send(bytes(1200)) if pace else sockets.send(target, bytes(1200))
        while True:
            left = pacer.waiting
            await asyncio.sleep(0.015)
            count += len(Listener.all(reader))
            if not left:
                return count


def _bound(reader: socket.socket) -> int:
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER // 2)  # the kernel doubles it
    reader.bind(("127.0.0.1", 0))
    reader.setblocking(False)
    return int(reader.getsockname()[1])


async def test_keyframe_of_hd_fits_into_a_default_socket() -> None:
    wanted = KEYFRAME_BYTES // 1200

    assert await _received(pace=False) < wanted
    assert await _received(pace=True) == wanted

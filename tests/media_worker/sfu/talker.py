"""A publisher without a browser: once a second it flashes and beeps at the same moment."""

import asyncio
import fractions
import math
import struct
import time
from dataclasses import dataclass

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from av import AudioFrame, VideoFrame

from media_worker.sfu.janus.videoroom import Published, VideoRoom

RATE, SAMPLES = 48_000, 960
FPS = 25
MARK_SECONDS = 0.1


class Clock:
    """Begins when the publisher is on air: what was captured before would leave late, all at once."""

    def __init__(self) -> None:
        self._going = asyncio.Event()
        self._began = 0.0

    def start(self) -> None:
        self._began = time.monotonic()
        self._going.set()

    async def until(self, seconds: float) -> None:
        await self._going.wait()
        await asyncio.sleep(self._began + seconds - time.monotonic())


class Flash(MediaStreamTrack):
    """White for a tenth of each second. `size` may be set while it runs."""

    kind = "video"

    def __init__(self, clock: Clock, *, size: tuple[int, int] = (320, 240), late: float = 0) -> None:
        super().__init__()
        self.size = size
        self._clock = clock
        self._number = round(late * FPS)

    async def recv(self) -> VideoFrame:
        at = self._number / FPS
        await self._clock.until(at)
        width, height = self.size
        frame = VideoFrame(width, height, "yuv420p")
        luma = 235 if at % 1 < MARK_SECONDS - 0.01 else 16
        for plane, value in zip(frame.planes, (luma, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = self._number * 90_000 // FPS, fractions.Fraction(1, 90_000)
        self._number += 1
        return frame


class Beep(MediaStreamTrack):
    """A tone for a tenth of each second."""

    kind = "audio"

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._number = 0
        loud = int(RATE * MARK_SECONDS)
        tone = [round(12_000 * math.sin(2 * math.pi * 1000 * number / RATE)) for number in range(loud)]
        self._second = b"".join(struct.pack("<hh", one, one) for one in tone) + bytes(4 * (RATE - loud))

    async def recv(self) -> AudioFrame:
        first = self._number * SAMPLES
        # A frame is there when its last sample is.
        await self._clock.until((first + SAMPLES) / RATE)
        place = first % RATE
        frame = AudioFrame(format="s16", layout="stereo", samples=SAMPLES)
        frame.planes[0].update(self._second[4 * place : 4 * (place + SAMPLES)])
        frame.sample_rate = RATE
        frame.pts, frame.time_base = first, fractions.Fraction(1, RATE)
        self._number += 1
        return frame


@dataclass(slots=True)
class Talker:
    """On air from `join` to `leave`."""

    room: VideoRoom
    feed: str
    published: Published
    flash: Flash | None
    peer: RTCPeerConnection

    async def leave(self) -> None:
        await self.peer.close()
        await self.published.handle.detach()


async def join(room: VideoRoom, feed: str, *, codec: str = "H264", late: float = 0, video: bool = True) -> Talker:
    """Publishes `codec` and Opus into the room; `late` holds the first picture back, in seconds."""
    peer = RTCPeerConnection()
    clock = Clock()
    flash = Flash(clock, late=late) if video else None
    for track in filter(None, (Beep(clock), flash)):
        peer.addTrack(track)
    for line in peer.getTransceivers():
        line.direction = "sendonly"
        if line.kind == "video":
            known = RTCRtpSender.getCapabilities("video").codecs
            line.setCodecPreferences([one for one in known if one.mimeType == f"video/{codec}"])
    await peer.setLocalDescription(await peer.createOffer())
    published = await room.publish(feed=feed, sdp=peer.localDescription.sdp, on_event=lambda _: None)
    peer.on("connectionstatechange", lambda: clock.start() if peer.connectionState == "connected" else None)
    await peer.setRemoteDescription(RTCSessionDescription(published.sdp, "answer"))
    return Talker(room, feed, published, flash, peer)

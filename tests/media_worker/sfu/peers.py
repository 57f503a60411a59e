"""WebRTC peers that are neither Janus nor a browser."""

import asyncio
import fractions
import time
from collections.abc import Callable

import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from aiortc.rtp import RtpPacket

FRAMES = 10  # a second: what is encoded here takes the tests' processor
CLOCK = 90_000


class Picture(MediaStreamTrack):
    """A small picture that changes."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()
        self._count = 0

    async def recv(self) -> av.VideoFrame:
        if self.readyState != "live":
            raise MediaStreamError
        due = self._started + self._count / FRAMES
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        frame = av.VideoFrame(160, 96, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([self._count * 5 % 256]) * plane.buffer_size)
        frame.pts = self._count * CLOCK // FRAMES
        frame.time_base = fractions.Fraction(1, CLOCK)
        self._count += 1
        return frame


class Publisher:
    """Sends a picture, a sound, or both. `keyframes` counts what was asked of it."""

    def __init__(
        self,
        *,
        codec: str = "H264",
        audio: bool = True,
        video: bool = True,
        configuration: RTCConfiguration | None = None,
    ) -> None:
        self.connection = RTCPeerConnection(configuration or RTCConfiguration(iceServers=[]))
        self.asked = 0
        if audio:
            self.connection.addTrack(AudioStreamTrack())
        if video:
            self._send_picture(codec)

    def _send_picture(self, codec: str) -> None:
        sender = self.connection.addTrack(Picture())
        transceiver = self.connection.getTransceivers()[-1]
        known = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([one for one in known if one.mimeType == f"video/{codec}"])
        self.count_requests(sender)

    def count_requests(self, sender: RTCRtpSender) -> None:
        plain: Callable[[], None] = sender._send_keyframe

        def counted() -> None:
            self.asked += 1
            plain()

        setattr(sender, "_send_keyframe", counted)  # noqa: B010 -- mypy forbids to assign a method

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def vanish(self) -> None:
        """Without a goodbye: nothing is sent any more."""
        for transport in {sender.transport for sender in self.connection.getSenders() if sender.transport}:
            await transport.transport._connection.close()

    async def close(self) -> None:
        await self.connection.close()


class Viewer:
    """Answers an offer; counts packets by kind without decoding them."""

    def __init__(self, configuration: RTCConfiguration | None = None) -> None:
        self.connection = RTCPeerConnection(configuration or RTCConfiguration(iceServers=[]))
        self.packets = {"audio": 0, "video": 0}
        self.ssrcs: set[int] = set()

    async def answer(self, offer: str) -> str:
        await self.connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        for receiver in self.connection.getReceivers():
            self._count(receiver)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp

    def _count(self, receiver: RTCRtpReceiver) -> None:
        kind = receiver.track.kind

        async def counted(packet: RtpPacket, arrival_time_ms: int) -> None:
            self.packets[kind] += 1
            if kind == "video":
                self.ssrcs.add(packet.ssrc)

        setattr(receiver, "_handle_rtp_packet", counted)  # noqa: B010 -- mypy forbids to assign a method

    async def complain(self) -> None:
        """Asks for a keyframe, as a browser does that cannot decode."""
        for receiver in self.connection.getReceivers():
            for ssrc in self.ssrcs:
                await receiver._send_rtcp_pli(ssrc)

    async def close(self) -> None:
        await self.connection.close()

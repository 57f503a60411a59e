"""Sends one RTP stream on, with the sender reports that Janus keeps to itself."""

import asyncio

from media_worker.sfu.rtp import packets, sockets
from media_worker.sfu.rtp.pacing import Pacer
from media_worker.sfu.rtp.packets import Rtp
from media_worker.sfu.rtp.timeline import Timeline

_REPORT_SECONDS = 0.5


class RtpSender:
    """To `port` (RTP) and the one after it (RTCP) on the loopback interface; close it.

    `wall` is added to the timeline's seconds to get seconds since 1970; it is the same for all senders whose streams
    belong together.
    """

    def __init__(self, port: int, timeline: Timeline, *, wall: float) -> None:
        self._timeline = timeline
        self._wall = wall
        self._media = sockets.connected(port)
        self._control = sockets.connected(port + 1)
        self._pacer = Pacer(lambda datagram: sockets.send(self._media, datagram))
        self._reported_at = 0.0
        self._packets = self._octets = 0

    def listens(self, first: Rtp) -> bool:
        """Sends a report about `first`, and returns whether the port was open."""
        return sockets.reaches(self._control, self._report(first))

    def send(self, packet: Rtp, datagram: bytes) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._reported_at >= _REPORT_SECONDS:
            self._reported_at = now
            sockets.send(self._control, self._report(packet))
        self._packets += 1
        self._octets += len(packet.payload)
        self._pacer.send(datagram)

    def close(self) -> None:
        self._pacer.close()
        self._media.close()
        self._control.close()

    def _report(self, packet: Rtp) -> bytes:
        at = self._wall + self._timeline.moment(packet.timestamp, now=asyncio.get_running_loop().time())
        return packets.sender_report(
            packet.ssrc, at=at, timestamp=packet.timestamp, packets=self._packets, octets=self._octets
        )

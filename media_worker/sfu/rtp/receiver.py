"""Receives one forwarded RTP stream, and knows its clock, its video format and its losses."""

import asyncio
from collections.abc import Callable

from media_worker.sfu.rtp import packets, sockets
from media_worker.sfu.rtp.packets import Rtp
from media_worker.sfu.rtp.payloads import KeyframeDetector
from media_worker.sfu.rtp.timeline import Timeline

RATES = {"audio": 48_000, "video": 90_000}
# Janus asks the publisher again for what is missing; what has not come by then never will.
_LOST_AFTER_SECONDS = 0.5
_MOST_MISSING = 500
# Further apart is no gap but a sender that began anew.
_FARTHEST = 3000

type PacketHandler = Callable[["RtpReceiver", Rtp, bytes], None]


class RtpReceiver(asyncio.DatagramProtocol):
    """Listens on `port` of the loopback interface from `open` to `close`.

    `on_packet` gets every RTP packet in the order of arrival, `on_loss` is called when one is given up. `seen_at` is
    loop.time() of the newest packet, 0 before the first; `lost` counts packets that were given up.
    """

    def __init__(
        self, kind: str, codec: str, *, on_packet: PacketHandler, on_loss: Callable[[], None] | None = None
    ) -> None:
        self.kind = kind
        self.timeline = Timeline(RATES[kind])
        self.detector = KeyframeDetector(codec)
        self.seen_at = 0.0
        self.lost = 0
        self.last: Rtp | None = None
        self.port = 0
        self._on_packet = on_packet
        self._on_loss = on_loss
        self._newest: int | None = None
        self._missing: dict[int, float] = {}
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self) -> int:
        loop = asyncio.get_running_loop()
        socket = sockets.listening()
        self.port = int(socket.getsockname()[1])
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=socket)
        return self.port

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def flowing(self, within: float) -> bool:
        """Whether a packet came in the last so many seconds."""
        return self.seen_at > 0 and asyncio.get_running_loop().time() - self.seen_at <= within

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 -- the loop's interface
        packet = packets.parse(data)
        if packet is None:
            return
        now = asyncio.get_running_loop().time()
        self.seen_at = now
        self.last = packet
        self.timeline.arrived(packet.timestamp, now)
        self._count(packet.sequence, now)
        self._on_packet(self, packet, data)

    def error_received(self, exc: Exception) -> None:
        """Nothing is sent from here; a late refusal of something else is no news."""

    def _count(self, sequence: int, now: float) -> None:
        step = 1 if self._newest is None else packets.ahead(sequence, self._newest)
        if abs(step) > _FARTHEST:
            self._missing.clear()
            step = 1
        if step <= 0:
            self._missing.pop(sequence, None)
            return
        for back in range(1, min(step, _MOST_MISSING)):
            self._missing[(sequence - back) % 0x10000] = now
        self._newest = sequence
        if self._missing:
            self._give_up(now)

    def _give_up(self, now: float) -> None:
        gone = [number for number, at in self._missing.items() if now - at > _LOST_AFTER_SECONDS]
        for number in gone:
            del self._missing[number]
        self.lost += len(gone)
        if gone and self._on_loss is not None:
            self._on_loss()

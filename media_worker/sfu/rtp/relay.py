"""Carries a publisher's RTP from Janus to ffmpeg: from a keyframe on, with one clock, nothing reordered."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from media_worker.sfu.janus.videoroom import FeedStream
from media_worker.sfu.rtp.packets import Rtp
from media_worker.sfu.rtp.payloads import Picture
from media_worker.sfu.rtp.receiver import RtpReceiver
from media_worker.sfu.rtp.sender import RtpSender

_PROBE_SECONDS = 0.02
# While nobody takes it: a keyframe distance and the start of an ffmpeg.
_MOST_HELD = 6000
_ASK_SECONDS = 0.5
# Pictures of one shape can be scaled into each other; a turned phone cannot.
_SAME_SHAPE = 0.02


class Relay:
    """Listens from `open` to `close`; holds what follows the newest keyframe until `deliver`.

    `changed` is set when the picture became another than the one delivered: delivery has ended then, and what is held
    begins with the new picture. `keyframe` is called when one is needed, at most twice a second.
    """

    def __init__(self, streams: Sequence[FeedStream], *, keyframe: Callable[[], None]) -> None:
        self.changed = asyncio.Event()
        self._keyframe = keyframe
        self._asked_at = 0.0
        self._streams: dict[str, FeedStream] = {stream.kind: stream for stream in streams}
        self._inlets = {
            kind: RtpReceiver(kind, stream.codec, taken=self._take, torn=self.ask if kind == "video" else None)
            for kind, stream in self._streams.items()
        }
        self._wall = time.time() - asyncio.get_running_loop().time()
        self._outlets: dict[str, RtpSender] = {}
        self._held: list[tuple[str, Rtp, bytes]] = []
        self._begun: int | None = None  # the RTP timestamp of the keyframe that `_held` begins with
        self._delivered: Picture | None = None
        self._strict = True

    async def open(self) -> dict[str, int]:
        """The port of each stream, by mid."""
        return {stream.mid: await self._inlets[kind].open() for kind, stream in self._streams.items()}

    def close(self) -> None:
        self.hold()
        for inlet in self._inlets.values():
            inlet.close()

    @property
    def picture(self) -> Picture | None:
        """Of the newest keyframe; None before the first."""
        video = self._inlets.get("video")
        return video.looker.picture if video else None

    @property
    def seen_at(self) -> float:
        return max((inlet.seen_at for inlet in self._inlets.values()), default=0.0)

    @property
    def lost(self) -> dict[str, int]:
        """Packets that never came, by kind."""
        return {kind: inlet.lost for kind, inlet in self._inlets.items()}

    def flowing(self, kind: str, within: float) -> bool:
        """Whether this kind of packet came in the last so many seconds."""
        inlet = self._inlets.get(kind)
        return inlet is not None and inlet.flowing(within)

    def flowing_at_all(self, within: float) -> bool:
        return any(inlet.flowing(within) for inlet in self._inlets.values())

    def ask(self) -> None:
        """For a keyframe."""
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= _ASK_SECONDS:
            self._asked_at = now
            self._keyframe()

    def hold(self) -> None:
        """Ends delivery; what comes is held from the next keyframe on. Without a delivery nothing happens."""
        if not self._outlets:
            return
        for outlet in self._outlets.values():
            outlet.close()
        self._outlets = {}
        self._delivered = None
        self._held.clear()
        self._begun = None

    async def deliver(self, ports: Mapping[str, int], *, picture: Picture | None, strict: bool) -> None:
        """Sends on to these ports, by kind, as soon as somebody listens there and a keyframe is held.

        `picture` is what the listener was made for. `strict`: any other parameter set is a change; else only another
        shape is. Cancel it when nobody will listen.
        """
        outlets = {
            kind: RtpSender(port, self._inlets[kind].timeline, wall=self._wall) for kind, port in ports.items()
        }
        try:
            while not self._ready(outlets):  # noqa: ASYNC110 -- a port that opens tells nobody
                await asyncio.sleep(_PROBE_SECONDS)
        except BaseException:
            for outlet in outlets.values():
                outlet.close()
            raise
        self.changed.clear()
        self._outlets = outlets
        self._delivered, self._strict = picture if "video" in ports else None, strict
        if self._differs(self.picture):
            self._begin_anew()
            return
        held, self._held, self._begun = self._held, [], None
        for kind, packet, datagram in held:
            if kind in outlets:
                outlets[kind].send(packet, datagram)

    def _ready(self, outlets: Mapping[str, RtpSender]) -> bool:
        if "video" in outlets and self._begun is None:
            self.ask()
            return False
        now = asyncio.get_running_loop().time()
        if not all(self._inlets[kind].timeline.settled(now=now) for kind in outlets):
            return False
        first = {kind: inlet.last for kind, inlet in self._inlets.items() if inlet.last}
        first |= {kind: packet for kind, packet, _ in reversed(self._held)}
        # Reports first, and of every stream: ffmpeg takes the moment of the first report for zero.
        return all(kind in first and outlet.listens(first[kind]) for kind, outlet in outlets.items())

    def _take(self, inlet: RtpReceiver, packet: Rtp, datagram: bytes) -> None:
        kind = inlet.kind
        if kind == "video" and packet.payload:
            begins = inlet.looker.keyframe(packet.payload)
            if self._differs(inlet.looker.picture):
                self._begin_anew()
            if begins and not self._outlets and packet.timestamp != self._begun:
                self._held.clear()
                self._begun = packet.timestamp
        if outlet := self._outlets.get(kind):
            outlet.send(packet, datagram)
        elif not self._outlets:
            self._keep(kind, packet, datagram)

    def _begin_anew(self) -> None:
        self.hold()
        self.changed.set()

    def _keep(self, kind: str, packet: Rtp, datagram: bytes) -> None:
        if len(self._held) >= _MOST_HELD:
            self._held.clear()
            self._begun = None
        if kind == "video" and self._begun is None:
            return
        self._held.append((kind, packet, datagram))

    def _differs(self, picture: Picture | None) -> bool:
        """Whether a decoder that began with the delivered picture has to begin anew for this one."""
        old = self._delivered
        if picture is None or old is None or picture == old:
            return False
        if self._strict or not (picture.height and old.height):
            return True
        shape, before = picture.width / picture.height, old.width / old.height
        return abs(shape - before) > _SAME_SHAPE * before

"""Relays a publisher's RTP from Janus to ffmpeg: from a keyframe on, with one clock, in the order of arrival."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from media_worker.sfu.janus.videoroom import FeedStream
from media_worker.sfu.rtp.packets import Rtp
from media_worker.sfu.rtp.payloads import VideoFormat
from media_worker.sfu.rtp.receiver import RtpReceiver
from media_worker.sfu.rtp.sender import RtpSender

_PROBE_SECONDS = 0.02
# While nobody takes it: a keyframe distance and the start of an ffmpeg.
_MOST_BUFFERED = 6000
_ASK_SECONDS = 0.5
# Video of one aspect ratio can be scaled to one size; a turned phone cannot.
_SAME_ASPECT = 0.02


class Relay:
    """Receives from `open` to `close`, and buffers what follows the newest keyframe until `deliver`.

    `changed` is set when the video format is no longer the one delivered: delivery has ended then, and the buffer
    begins with the new format. `keyframe` is called when a keyframe is needed, at most twice a second.
    """

    def __init__(self, streams: Sequence[FeedStream], *, keyframe: Callable[[], None]) -> None:
        self.changed = asyncio.Event()
        self._keyframe = keyframe
        self._asked_at = 0.0
        self._streams: dict[str, FeedStream] = {stream.kind: stream for stream in streams}
        self._receivers = {
            kind: RtpReceiver(
                kind, stream.codec, on_packet=self._take, on_loss=self.request_keyframe if kind == "video" else None
            )
            for kind, stream in self._streams.items()
        }
        self._wall = time.time() - asyncio.get_running_loop().time()
        self._senders: dict[str, RtpSender] = {}
        self._buffer: list[tuple[str, Rtp, bytes]] = []
        self._buffer_start: int | None = None  # the RTP timestamp of the keyframe that `_held` begins with
        self._delivered: VideoFormat | None = None
        self._strict = True

    async def open(self) -> dict[str, int]:
        """The port of each stream, by mid."""
        return {stream.mid: await self._receivers[kind].open() for kind, stream in self._streams.items()}

    def close(self) -> None:
        self.stop_delivery()
        for receiver in self._receivers.values():
            receiver.close()

    @property
    def video_format(self) -> VideoFormat | None:
        """The format of the newest keyframe; None before the first."""
        video = self._receivers.get("video")
        return video.detector.video_format if video else None

    @property
    def seen_at(self) -> float:
        return max((receiver.seen_at for receiver in self._receivers.values()), default=0.0)

    @property
    def lost(self) -> dict[str, int]:
        """Packets that never came, by kind."""
        return {kind: receiver.lost for kind, receiver in self._receivers.items()}

    def flowing(self, kind: str, within: float) -> bool:
        """Whether this kind of packet came in the last so many seconds."""
        receiver = self._receivers.get(kind)
        return receiver is not None and receiver.flowing(within)

    def flowing_at_all(self, within: float) -> bool:
        return any(receiver.flowing(within) for receiver in self._receivers.values())

    def request_keyframe(self) -> None:
        """Asks the publisher for a keyframe, at most twice a second."""
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= _ASK_SECONDS:
            self._asked_at = now
            self._keyframe()

    def stop_delivery(self) -> None:
        """Ends delivery and buffers from the next keyframe on. Does nothing without a delivery."""
        if not self._senders:
            return
        for sender in self._senders.values():
            sender.close()
        self._senders = {}
        self._delivered = None
        self._buffer.clear()
        self._buffer_start = None

    async def deliver(self, ports: Mapping[str, int], *, video_format: VideoFormat | None, strict: bool) -> None:
        """Sends on to these ports, by kind, as soon as they are open and a keyframe is buffered.

        `video_format` is what the listener was made for. With `strict` any other parameter set is a change, otherwise
        only another aspect ratio is. Cancel it when nobody will listen.
        """
        senders = {
            kind: RtpSender(port, self._receivers[kind].timeline, wall=self._wall) for kind, port in ports.items()
        }
        try:
            while not self._ready(senders):  # noqa: ASYNC110 -- a port that opens tells nobody
                await asyncio.sleep(_PROBE_SECONDS)
        except BaseException:
            for sender in senders.values():
                sender.close()
            raise
        self.changed.clear()
        self._senders = senders
        self._delivered, self._strict = video_format if "video" in ports else None, strict
        if self._differs(self.video_format):
            self._begin_anew()
            return
        buffered, self._buffer, self._buffer_start = self._buffer, [], None
        for kind, packet, datagram in buffered:
            if kind in senders:
                senders[kind].send(packet, datagram)

    def _ready(self, senders: Mapping[str, RtpSender]) -> bool:
        if "video" in senders and self._buffer_start is None:
            self.request_keyframe()
            return False
        now = asyncio.get_running_loop().time()
        if not all(self._receivers[kind].timeline.settled(now=now) for kind in senders):
            return False
        first = {kind: receiver.last for kind, receiver in self._receivers.items() if receiver.last}
        first |= {kind: packet for kind, packet, _ in reversed(self._buffer)}
        # Reports first, and of every stream: ffmpeg takes the moment of the first report for zero.
        return all(kind in first and sender.listens(first[kind]) for kind, sender in senders.items())

    def _take(self, receiver: RtpReceiver, packet: Rtp, datagram: bytes) -> None:
        kind = receiver.kind
        if kind == "video" and packet.payload:
            begins = receiver.detector.keyframe(packet.payload)
            if self._differs(receiver.detector.video_format):
                self._begin_anew()
            if begins and not self._senders and packet.timestamp != self._buffer_start:
                self._buffer.clear()
                self._buffer_start = packet.timestamp
        if sender := self._senders.get(kind):
            sender.send(packet, datagram)
        elif not self._senders:
            self._keep(kind, packet, datagram)

    def _begin_anew(self) -> None:
        self.stop_delivery()
        self.changed.set()

    def _keep(self, kind: str, packet: Rtp, datagram: bytes) -> None:
        if len(self._buffer) >= _MOST_BUFFERED:
            self._buffer.clear()
            self._buffer_start = None
        if kind == "video" and self._buffer_start is None:
            return
        self._buffer.append((kind, packet, datagram))

    def _differs(self, video_format: VideoFormat | None) -> bool:
        """Whether a decoder made for the delivered format has to begin anew for this one."""
        old = self._delivered
        if video_format is None or old is None or video_format == old:
            return False
        if self._strict or not (video_format.height and old.height):
            return True
        aspect, before = video_format.width / video_format.height, old.width / old.height
        return abs(aspect - before) > _SAME_ASPECT * before

"""Feeds a mountpoint: takes a converter's RTP, looks whether browsers can play it, and sends it on evenly."""

import asyncio

from media_worker.sfu.rtp import sockets
from media_worker.sfu.rtp.pacing import Pacer
from media_worker.sfu.rtp.packets import Rtp
from media_worker.sfu.rtp.receiver import RATES, RtpReceiver

# A viewer who lost a frame waits for the next keyframe.
_FARTHEST_KEYFRAMES = 2.6
# Within it an encoder that makes B-frames has made one.
_LOOK_SECONDS = 0.5
_BASELINE = 66
_HALF = 1 << 31


class MountpointFeeder:
    """From its own ports to Janus' ports `audio` and `video`, from `open` to `close`.

    `good` is set when what flows can be watched. `objection` says in words why a copied picture cannot.
    """

    def __init__(self, *, audio: int, video: int) -> None:
        self.good = asyncio.Event()
        self.objection = ""
        self.seen_at = 0.0
        self.flowed = False
        self._targets = sockets.connected(audio), sockets.connected(video)
        self._pacer = Pacer(lambda datagram: sockets.send(self._targets[1], datagram))
        self._taken = 0
        self._audio = RtpReceiver("audio", "opus", taken=self._sound)
        self._video = RtpReceiver("video", "h264", taken=self._picture)
        self._copied = True
        self._first = self._key = 0

    async def open(self) -> None:
        await self._audio.open()
        await self._video.open()

    def close(self) -> None:
        self._audio.close()
        self._video.close()
        self._pacer.close()
        for target in self._targets:
            target.close()

    @property
    def audio_port(self) -> int:
        return self._audio.port

    @property
    def video_port(self) -> int:
        return self._video.port

    @property
    def forwarded(self) -> int:
        """Packets of video that Janus has been given."""
        return self._taken - self._pacer.waiting - self._pacer.dropped

    @property
    def dropped(self) -> int:
        """Packets that came faster than they can ever leave."""
        return self._pacer.dropped

    def begin(self, *, copied: bool) -> None:
        """Another converter comes, which copies the source's picture or makes one."""
        self._copied = copied
        self.objection = ""
        self.flowed = False
        self._video.looker.bidirectional = False

    def _sound(self, _: RtpReceiver, __: Rtp, datagram: bytes) -> None:
        # Past the picture: a keyframe that is being spread out must not hold it up.
        sockets.send(self._targets[0], datagram)

    def _picture(self, inlet: RtpReceiver, packet: Rtp, datagram: bytes) -> None:
        self.seen_at = inlet.seen_at
        begins = inlet.looker.keyframe(packet.payload)
        if begins:
            self._key = packet.timestamp
            if not self.flowed:
                self.flowed, self._first = True, packet.timestamp
        if self._copied and not self.objection:
            self.objection = self._objects(inlet, packet)
        if self.flowed and not self.objection:
            self._taken += 1
            self._pacer.send(datagram)
            if not self.good.is_set() and self._proved(inlet, packet):
                self.good.set()

    def _objects(self, inlet: RtpReceiver, packet: Rtp) -> str:
        if inlet.looker.bidirectional:
            return "it has B-frames"
        if self.flowed and _since(self._key, packet) > _FARTHEST_KEYFRAMES:
            return "its keyframes are too far apart"
        return ""

    def _proved(self, inlet: RtpReceiver, packet: Rtp) -> bool:
        picture = inlet.looker.picture
        simple = picture is not None and picture.sps[1:2] == bytes([_BASELINE])
        return simple or not self._copied or _since(self._first, packet) >= _LOOK_SECONDS


def _since(earlier: int, packet: Rtp) -> float:
    """Seconds of the stream's clock."""
    return ((packet.timestamp - earlier + _HALF) % (1 << 32) - _HALF) / RATES["video"]

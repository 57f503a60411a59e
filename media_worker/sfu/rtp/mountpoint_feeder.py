"""Feeds a mountpoint: takes ffmpeg's RTP, checks whether browsers can play it, and sends it on evenly."""

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

    `watchable` is set when viewers can be let in. `objection` says why a copied picture cannot be watched.
    """

    def __init__(self, *, audio: int, video: int) -> None:
        self.watchable = asyncio.Event()
        self.objection = ""
        self.seen_at = 0.0
        self.started = False
        self._targets = sockets.connected(audio), sockets.connected(video)
        self._pacer = Pacer(lambda datagram: sockets.send(self._targets[1], datagram))
        self._queued = 0
        self._audio = RtpReceiver("audio", "opus", on_packet=self._take_audio)
        self._video = RtpReceiver("video", "h264", on_packet=self._take_video)
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
        """How many packets of video Janus has been sent."""
        return self._queued - self._pacer.waiting - self._pacer.dropped

    @property
    def dropped(self) -> int:
        """How many packets came faster than they can ever leave."""
        return self._pacer.dropped

    def begin(self, *, copied: bool) -> None:
        """Another ffmpeg begins, which copies the source's video or encodes it."""
        self._copied = copied
        self.objection = ""
        self.started = False
        self._video.detector.has_b_frames = False

    def _take_audio(self, _: RtpReceiver, __: Rtp, datagram: bytes) -> None:
        # Not through the pacer: a keyframe that is being spread out must not hold audio up.
        sockets.send(self._targets[0], datagram)

    def _take_video(self, receiver: RtpReceiver, packet: Rtp, datagram: bytes) -> None:
        self.seen_at = receiver.seen_at
        begins = receiver.detector.keyframe(packet.payload)
        if begins:
            self._key = packet.timestamp
            if not self.started:
                self.started, self._first = True, packet.timestamp
        if self._copied and not self.objection:
            self.objection = self._find_objection(receiver, packet)
        if self.started and not self.objection:
            self._queued += 1
            self._pacer.send(datagram)
            if not self.watchable.is_set() and self._proved(receiver, packet):
                self.watchable.set()

    def _find_objection(self, receiver: RtpReceiver, packet: Rtp) -> str:
        if receiver.detector.has_b_frames:
            return "it has B-frames"
        if self.started and _since(self._key, packet) > _FARTHEST_KEYFRAMES:
            return "its keyframes are too far apart"
        return ""

    def _proved(self, receiver: RtpReceiver, packet: Rtp) -> bool:
        video_format = receiver.detector.video_format
        simple = video_format is not None and video_format.sps[1:2] == bytes([_BASELINE])
        return simple or not self._copied or _since(self._first, packet) >= _LOOK_SECONDS


def _since(earlier: int, packet: Rtp) -> float:
    """Seconds of the stream's clock."""
    return ((packet.timestamp - earlier + _HALF) % (1 << 32) - _HALF) / RATES["video"]

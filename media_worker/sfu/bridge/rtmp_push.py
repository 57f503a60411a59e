"""Pushes a publisher in Janus to RTMP: one ffmpeg after the other for as long as the publisher is there."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from media_worker.process.async_child import AsyncChild
from media_worker.process.child import Exit
from media_worker.sfu.bridge import commands, events
from media_worker.sfu.bridge.events import BridgeState, StateListener
from media_worker.sfu.errors import SfuError
from media_worker.sfu.janus.videoroom import FeedStream, VideoRoom
from media_worker.sfu.rtp import sockets
from media_worker.sfu.rtp.relay import Relay

_STARTING = BridgeState("starting", "", "Your picture is on its way to everyone.")
_RUNNING = BridgeState("running", "", "Everyone can see you.")
_STILL = BridgeState("running", events.NO_VIDEO, "Everyone hears you. No picture arrives, so a still one is shown.")
_NO_MEDIA = BridgeState("failed", events.NO_MEDIA, "Neither picture nor sound arrives from your device.")
_REFUSED = BridgeState(
    "failed", events.REFUSED, "The class does not take your picture: another encoder may be sending."
)
_FAILED = BridgeState("failed", events.FFMPEG, "Your picture could not be converted; it is tried again.")
_ENDED = BridgeState("ended", "", "Your picture is no longer sent on.")


@dataclass(frozen=True, slots=True)
class Limits:
    """All in seconds."""

    # How long the rest is waited for, from the first packet of anything.
    video: float = 5.0
    audio: float = 1.0
    # Without a packet of video: shared screens send a frame a second. Without any packet at all.
    still: float = 4.0
    silence: float = 5.0
    # A key that is in use is free again a moment after a reload.
    refused: float = 10.0
    # ffmpeg waits for a packet before it heeds the first signal, and none comes any more. It heeds the second.
    grace: float = 0.3
    longest_pause: float = 5.0
    # A change after less than this is one of a series: then the picture is encoded anew at one size.
    steady: float = 20.0


_TURN_SECONDS = 0.2
_FIRST_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one ffmpeg is made for: which kinds arrive, and whether video is copied."""

    kinds: frozenset[str]
    copy: bool

    @property
    def still(self) -> bool:
        return "video" not in self.kinds


class RtmpPush:
    """Sends one feed to `push_url` from `start` to `close`.

    An ffmpeg that dies or an ingest that refuses raises nothing: `on_state` hears of it, of each state once. Both
    methods may be called twice; `start` raises SfuError when Janus does not forward.
    """

    def __init__(
        self,
        *,
        room: VideoRoom,
        feed: str,
        streams: Sequence[FeedStream],
        push_url: str,
        on_state: StateListener,
        limits: Limits | None = None,
        ffmpeg: str = "ffmpeg",
    ) -> None:
        self._room = room
        self._feed = feed
        self._streams = tuple(streams)
        self._push_url = push_url
        self._on_state = on_state
        self._limits = limits or Limits()
        self._ffmpeg = ffmpeg
        self._state: BridgeState | None = None
        self._relay: Relay | None = None
        self._task: asyncio.Task[None] | None = None
        self._keyframe_request: asyncio.Task[None] | None = None
        self._forwards: tuple[int, ...] = ()
        self._closed = False
        self._writing = False
        self._copy = any(stream.codec == "h264" for stream in streams)
        self._refused_since: float | None = None
        self._pause = _FIRST_PAUSE

    async def start(self) -> None:
        """Returns when Janus forwards. Raises SfuError; then nothing is left to close."""
        if self._relay is not None:
            return
        self._relay = Relay(self._streams, keyframe=self._request_keyframe)
        try:
            self._forwards = await self._room.forward(self._feed, await self._relay.open())
        except BaseException:
            self._relay.close()
            raise
        self._set_state(_STARTING)
        self._task = asyncio.create_task(self._carry(self._relay), name=f"rtmp-push-{self._feed}")

    async def close(self) -> None:
        """Ends the broadcast; returns when its ffmpeg is gone and the key is free. Never raises."""
        if self._closed:
            return
        self._closed = True
        for task in (self._task, self._keyframe_request):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        if self._relay is not None:
            self._relay.close()
            for number in self._forwards:
                with contextlib.suppress(SfuError):
                    await self._room.stop_forward(self._feed, number)
            self._set_state(_ENDED)

    def media_seen(self) -> float:
        """loop.time() of the newest RTP packet; 0 before the first."""
        return self._relay.seen_at if self._relay else 0.0

    async def _carry(self, relay: Relay) -> None:
        while True:
            shape = await self._shape(relay)
            began = asyncio.get_running_loop().time()
            ended = await self._convert(relay, shape)
            lasted = asyncio.get_running_loop().time() - began
            if ended is None:
                self._set_state(_STARTING)
                # One that changes again and again is encoded at one size from now on.
                self._copy &= lasted >= self._limits.steady or shape.still
            elif relay.flowing_at_all(self._limits.silence):
                await self._after(ended, lasted)

    async def _shape(self, relay: Relay) -> _Shape:
        """What to send: waits for what was announced, but not for ever."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        announced = frozenset(stream.kind for stream in self._streams)
        while True:
            flowing = frozenset(kind for kind in announced if relay.flowing(kind, self._limits.still))
            if "video" in flowing and relay.video_format is None:
                relay.request_keyframe()
                flowing -= {"video"}
            waited = loop.time() - began
            patience = self._limits.video if "video" in announced - flowing else self._limits.audio
            if flowing and (flowing == announced or waited >= patience):
                return _Shape(flowing, self._copy)
            if not flowing and waited >= self._limits.video:
                self._set_state(_NO_MEDIA)
            await asyncio.sleep(_TURN_SECONDS / 4)

    async def _convert(self, relay: Relay, shape: _Shape) -> Exit | None:
        """Runs one ffmpeg to its end. None when it was ended because another shape has to be sent now."""
        self._writing = False
        with sockets.free_pairs(len(shape.kinds)) as free:
            ports = dict(zip(sorted(shape.kinds), free, strict=True))
        job = commands.PushJob(
            self._ffmpeg, self._streams, ports, relay.video_format, copy=shape.copy, url=self._push_url
        )
        child = await AsyncChild.start(commands.push(job), on_line=self._on_progress)
        delivering = asyncio.create_task(relay.deliver(ports, video_format=job.video_format, strict=shape.copy))
        ending = asyncio.create_task(child.wait())
        try:
            while not ending.done() and not self._outdated(relay, shape, delivered=delivering.done()):
                self._settle(shape)
                await asyncio.wait({ending}, timeout=_TURN_SECONDS)
            return ending.result() if ending.done() else None
        finally:
            delivering.cancel()
            ending.cancel()
            relay.stop_delivery()
            await asyncio.shield(child.stop(grace=self._limits.grace))

    def _outdated(self, relay: Relay, shape: _Shape, *, delivered: bool) -> bool:
        """Whether this ffmpeg is of no use any more."""
        if delivered and relay.changed.is_set():
            return True
        if not relay.flowing_at_all(self._limits.silence):
            return True
        video = relay.flowing("video", self._limits.still) and relay.video_format is not None
        return video == shape.still

    def _settle(self, shape: _Shape) -> None:
        if self._writing:
            self._refused_since = None
            self._pause = _FIRST_PAUSE
            self._set_state(_STILL if shape.still else _RUNNING)

    async def _after(self, ended: Exit, lasted: float) -> None:
        """Says what went wrong, and waits before the next attempt."""
        now = asyncio.get_running_loop().time()
        if self._writing or not _refusal(ended):
            self._set_state(_STARTING if self._writing and lasted > self._limits.longest_pause else _FAILED)
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, self._limits.longest_pause)
            return
        self._refused_since = self._refused_since or now
        lost = now - self._refused_since >= self._limits.refused
        self._set_state(_REFUSED if lost else _STARTING)
        await asyncio.sleep(self._limits.longest_pause if lost else _FIRST_PAUSE)

    def _on_progress(self, line: str) -> None:
        """One line of ffmpeg's progress: bytes leave only when the ingest has taken the stream."""
        name, _, value = line.partition("=")
        if name == "total_size" and value.isdecimal() and int(value) > 0:
            self._writing = True

    def _request_keyframe(self) -> None:
        if self._keyframe_request is None or self._keyframe_request.done():
            self._keyframe_request = asyncio.create_task(self._send_keyframe_request())

    async def _send_keyframe_request(self) -> None:
        # A publisher that cannot be asked sends one by itself, or is gone.
        with contextlib.suppress(SfuError):
            await self._room.keyframe(self._feed)

    def _set_state(self, state: BridgeState) -> None:
        if state != self._state:
            self._state = state
            self._on_state(state)


def _refusal(ended: Exit) -> bool:
    """Whether it was the ingest that said no."""
    return "rtmp" in ended.stderr_tail.lower()

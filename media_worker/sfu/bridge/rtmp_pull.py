"""Pulls a stream from RTMP for viewers by WebRTC: a mountpoint of Janus, and an ffmpeg that feeds it."""

import asyncio
import contextlib
from dataclasses import dataclass

from media_worker.process.async_child import AsyncChild
from media_worker.sfu import errors
from media_worker.sfu.bridge import commands, events
from media_worker.sfu.bridge.events import BridgeState, StateListener
from media_worker.sfu.errors import SfuError
from media_worker.sfu.janus.streaming import AUDIO_TYPE, VIDEO_TYPE, Streaming
from media_worker.sfu.rtp import sockets
from media_worker.sfu.rtp.mountpoint_feeder import MountpointFeeder

_STARTING = BridgeState("starting", "", "The picture is being fetched.")
_RUNNING = BridgeState("running", "", "The picture flows.")
_GONE = BridgeState("failed", events.NO_MEDIA, "The picture is gone; it is waited for.")
_ENDED = BridgeState("ended", "", "The picture is no longer sent.")
_TURN_SECONDS = 0.1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0


@dataclass(frozen=True, slots=True)
class Limits:
    """All in seconds."""

    # Until the first picture; then the mountpoint is given up.
    start: float = 10.0
    # Without video the source is gone; an ffmpeg that waits for one is started again.
    silence: float = 3.0
    grace: float = 0.5


class RtmpPull:
    """One RTMP stream as a mountpoint named `mount_id`, from `start` to `close`.

    The mountpoint stays until `close`, whatever becomes of the source or of an ffmpeg; `on_state` hears of that. With
    `copy` False the video is encoded; otherwise it is copied until it shows what browsers cannot play in real time
    (B-frames, keyframes more than 2.6 s apart).
    """

    def __init__(
        self,
        *,
        plugin: Streaming,
        room: str,
        pull_url: str,
        pin: str,
        secret: str,
        copy: bool | None,
        on_state: StateListener,
        limits: Limits | None = None,
        ffmpeg: str = "ffmpeg",
    ) -> None:
        self.mount_id = room
        self._plugin = plugin
        self._pull_url = pull_url
        self._pin, self._secret = pin, secret
        self._copy = copy is not False
        self._on_state = on_state
        self._limits = limits or Limits()
        self._ffmpeg = ffmpeg
        self._state: BridgeState | None = None
        self._feeder: MountpointFeeder | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def copying(self) -> bool:
        """Whether the picture is passed on as it is."""
        return self._copy

    async def start(self) -> None:
        """Returns when viewers can be let in. Raises SfuError (webrtc:waiting without video); then it is closed."""
        if self._task is not None:
            return
        ports = await self._plugin.create(self.mount_id, pin=self._pin, secret=self._secret, host=sockets.HOST)
        feeder = self._feeder = MountpointFeeder(audio=ports.audio, video=ports.video)
        try:
            await feeder.open()
            self._set_state(_STARTING)
            self._task = asyncio.create_task(self._carry(feeder), name=f"rtmp-pull-{self.mount_id}")
            async with asyncio.timeout(self._limits.start):
                await feeder.watchable.wait()
        except TimeoutError as error:
            await self.close()
            raise SfuError(errors.WAITING, "There is nothing to watch yet.") from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Ends the mountpoint with its viewers, and ffmpeg. Never raises; may be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._feeder is not None:
            self._feeder.close()
            # Janus may be gone, and the mountpoint with it.
            with contextlib.suppress(SfuError):
                await self._plugin.destroy(self.mount_id, secret=self._secret)
            self._set_state(_ENDED)

    async def _carry(self, feeder: MountpointFeeder) -> None:
        pause = _FIRST_PAUSE
        while True:
            started = await self._convert(feeder)
            pause = _FIRST_PAUSE if started else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _convert(self, feeder: MountpointFeeder) -> bool:
        """Runs one ffmpeg to its end. Returns whether video came out of it."""
        loop = asyncio.get_running_loop()
        job = commands.PullJob(
            self._ffmpeg,
            self._pull_url,
            feeder.audio_port,
            feeder.video_port,
            AUDIO_TYPE,
            VIDEO_TYPE,
            copy=self._copy,
        )
        feeder.begin(copied=self._copy)
        child = await AsyncChild.start(commands.pull(job))
        began = loop.time()
        try:
            while child.running:
                if feeder.objection:
                    self._copy = False
                    break
                silent = loop.time() - max(began, feeder.seen_at)
                # An ffmpeg that has seen nothing yet may be early: it may come before the publisher.
                if silent > (self._limits.silence if feeder.started else self._limits.start):
                    break
                if feeder.watchable.is_set() and feeder.started:
                    self._set_state(_RUNNING)
                await asyncio.sleep(_TURN_SECONDS)
            if not feeder.objection and self._state == _RUNNING:
                self._set_state(_GONE)
            return feeder.started
        finally:
            await asyncio.shield(child.stop(grace=self._limits.grace))

    def _set_state(self, state: BridgeState) -> None:
        if state != self._state:
            self._state = state
            self._on_state(state)

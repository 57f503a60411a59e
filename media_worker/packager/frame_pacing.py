"""Frame pacing: whether the source's frames come evenly, completely and in time."""

import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from media_worker.packager.timing import Timing

_MINUTE = 60.0
# Bursts are looked for in this many seconds; a line that stutters does so more than once in them.
_BURST_SECONDS = 30.0
# ffmpeg looks at the source for a second before it lets anything through, and then lets all of it through at once.
_SETTLE_SECONDS = 5.0
# How many intervals tell the usual one: ten seconds at 30 frames a second.
_INTERVALS = 300
_ENOUGH = 20
# RTMP counts in milliseconds: 33 and 34 are the same.
_ROUNDING = 0.005
_UNEVEN = 0.25
# A time line that runs this much ahead of the clock has jumped.
_JUMP_SECONDS = 2.0
# Time that jumped back shows as frames pressed together, because the muxer lets none go back.
_SQUEEZED = 0.25
_SHOWN_LATER = 0.002


@dataclass(frozen=True, slots=True)
class FramePacing:
    """Counts are since the run began. `uneven` is a share of the last frames, `missing` one of the last minute's.

    `stutter`: by how many seconds the picture fell behind within the last half minute. `jumped`: how often the
    source's clock jumped within the last minute. `b_frames` is None until enough was seen.
    """

    b_frames: bool | None = None
    uneven: float = 0.0
    lost: int = 0
    missing: float = 0.0
    stutter: float = 0.0
    jumps: int = 0
    jumped: int = 0


class FramePacingMeter:
    """Takes one fragment's frames after the other. `clock` is monotonic and in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        self._last_frame: float | None = None
        self._arrived = 0.0
        self._intervals: deque[float] = deque(maxlen=_INTERVALS)
        self._offsets: deque[float] = deque(maxlen=_INTERVALS // 4)
        self._late: deque[tuple[float, float]] = deque()
        self._seen: deque[tuple[float, int, int]] = deque()  # when, frames that came, frames that did not
        self._jumps: deque[float] = deque(maxlen=_INTERVALS)
        self._squeezed = False
        self._lost = self._jump_count = 0

    def add(self, timing: Timing) -> None:
        if not timing.times:
            return
        now = self._clock()
        self._began = self._began or now
        self._offsets.extend(timing.offsets)
        self._add_intervals(timing.times, now)
        self._last_frame, self._arrived = timing.times[-1], now
        if now - self._began >= _SETTLE_SECONDS:
            self._late.append((now, now - timing.times[-1]))
        while self._late and self._late[0][0] < now - _BURST_SECONDS:
            self._late.popleft()
        while self._seen and self._seen[0][0] < now - _MINUTE:
            self._seen.popleft()

    @property
    def pacing(self) -> FramePacing:
        now = self._clock()
        came = sum(frames for _, frames, _ in self._seen)
        missed = sum(frames for _, _, frames in self._seen)
        late = [seconds for _, seconds in self._late]
        return FramePacing(
            b_frames=self._b_frames(),
            uneven=round(self._uneven(), 3),
            lost=self._lost,
            missing=round(missed / (came + missed), 4) if came else 0.0,
            stutter=round(max(late) - min(late), 2) if late else 0.0,
            jumps=self._jump_count,
            jumped=sum(at >= now - _MINUTE for at in self._jumps),
        )

    def _add_intervals(self, times: tuple[float, ...], now: float) -> None:
        line = times if self._last_frame is None else (self._last_frame, *times)
        steps = [b - a for a, b in pairwise(line)]
        if self._last_frame is not None and line[-1] - line[0] - (now - self._arrived) > _JUMP_SECONDS:
            self._jump(now)
            steps.remove(max(steps))
        usual = self._usual()
        pressed = usual > 0 and len(steps) > 2 and statistics.median(steps) < usual * _SQUEEZED
        if pressed and not self._squeezed:
            self._jump(now)
        self._squeezed = pressed
        if pressed:
            return
        missed = sum(_missed(step, usual) for step in steps)
        self._lost += missed
        self._seen.append((now, len(times), missed))
        self._intervals.extend(steps)

    def _jump(self, now: float) -> None:
        self._jump_count += 1
        self._jumps.append(now)
        self._late.clear()

    def _usual(self) -> float:
        """0 until it is known."""
        return statistics.median(self._intervals) if len(self._intervals) >= _ENOUGH else 0.0

    def _uneven(self) -> float:
        usual = self._usual()
        if not usual:
            return 0.0
        odd = sum(abs(step - usual) > max(_ROUNDING, usual * _UNEVEN) for step in self._intervals)
        return odd / len(self._intervals)

    def _b_frames(self) -> bool | None:
        if len(self._offsets) < _ENOUGH:
            return None
        return max(self._offsets) - min(self._offsets) > _SHOWN_LATER


def _missed(step: float, usual: float) -> int:
    """How many frames are missing in this interval."""
    return max(0, round(step / usual) - 1) if usual and step > usual + _ROUNDING else 0

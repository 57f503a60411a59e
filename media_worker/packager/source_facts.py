"""Measures the source on an untouched copy of its video: bit rate, frame rate, keyframes, frame pacing."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from media_worker.packager import timing
from media_worker.packager.fragments import Fragment, FragmentReader, InitSegment
from media_worker.packager.frame_pacing import FramePacing, FramePacingMeter
from media_worker.packager.init import Init
from media_worker.passthrough import Gop, Signal

# Over this much of the time line rates are averaged.
_SPAN_SECONDS = 4
_MINUTE = 60.0
# Over this long a bit rate counts as steady or not.
_SWING_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _FragmentFacts:
    start: Fraction
    end: Fraction
    frames: int
    size: int


class SourceFacts:
    """What the source's own fragments show. Rates cover the last four seconds and are 0 until something came.

    `clock` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._meter = FramePacingMeter(clock)
        self._init: Init | None = None
        self._gaps: deque[tuple[float, float]] = deque()
        self._rates: deque[tuple[float, int]] = deque()
        self._reader = FragmentReader()
        self._recent: deque[_FragmentFacts] = deque(maxlen=64)
        self._keyframe_at: Fraction | None = None
        self._frames = 0  # since the last keyframe
        self._gops: deque[Gop] = deque(maxlen=8)
        self.keyframe_gap = 0.0

    def feed(self, data: bytes) -> None:
        """Raises BoxError on what ffmpeg does not write."""
        for item in self._reader.feed(data):
            if isinstance(item, InitSegment):
                self._init = item.info
            elif item.frames and self._init is not None:
                self._add(item)
                self._meter.add(timing.read(self._init, item))

    def _add(self, item: Fragment) -> None:
        if item.independent:
            if self._keyframe_at is not None:
                self.keyframe_gap = round(float(item.start - self._keyframe_at), 2)
                self._gops.append(Gop(self._frames, float(item.start - self._keyframe_at)))
                self._gaps.append((self._clock(), self.keyframe_gap))
            self._keyframe_at = item.start
            self._frames = 0
        self._frames += item.frames
        self._recent.append(_FragmentFacts(item.start, item.end, item.frames, len(item.data)))
        while self._span() > _SPAN_SECONDS and len(self._recent) > 1:
            self._recent.popleft()
        now = self._clock()
        if self._span() >= _SPAN_SECONDS / 2:
            self._rates.append((now, self.bitrate))
        _forget(self._rates, now - _SWING_SECONDS)
        _forget(self._gaps, now - _MINUTE)

    @property
    def codec(self) -> str:
        return self._init.video.codec if self._init else ""

    @property
    def interlaced(self) -> bool | None:
        return self._init.video.interlaced if self._init else None

    @property
    def pacing(self) -> FramePacing:
        return self._meter.pacing

    @property
    def longest_gap(self) -> float:
        """Of the last minute's keyframes, in seconds."""
        return max((gap for _, gap in self._gaps), default=0.0)

    @property
    def swing(self) -> tuple[int, int]:
        """The least and the most bits per second within the last half minute."""
        rates = [rate for _, rate in self._rates]
        return (min(rates), max(rates)) if rates else (0, 0)

    @property
    def signal(self) -> Signal:
        """What passing the picture through depends on."""
        since = self._recent[-1].end - self._keyframe_at if self._recent and self._keyframe_at is not None else 0
        return Signal(self.codec, tuple(self._gops), self.bitrate, self._span(), float(since))

    def _span(self) -> float:
        return float(self._recent[-1].end - self._recent[0].start) if self._recent else 0.0

    @property
    def bitrate(self) -> int:
        span = self._span()
        return int(sum(item.size for item in self._recent) * 8 / span) if span > 0 else 0

    @property
    def fps(self) -> float:
        span = self._span()
        return round(sum(item.frames for item in self._recent) / span, 2) if span > 0 else 0.0


def _forget[T](seen: deque[tuple[float, T]], before: float) -> None:
    while seen and seen[0][0] < before:
        seen.popleft()

"""Facts about the source, measured on an untouched copy of its video."""

from collections import deque
from dataclasses import dataclass
from fractions import Fraction

from media_worker.packager.fragments import Fragment, FragmentReader, InitSegment
from media_worker.passthrough import Gop, Signal

# Over this much of the time line rates are averaged.
_SPAN_SECONDS = 4


@dataclass(frozen=True, slots=True)
class _Heard:
    start: Fraction
    end: Fraction
    frames: int
    size: int


class Tap:
    """Listens to the source's own fragments. Rates are over the last seconds; 0 until there is something."""

    def __init__(self) -> None:
        self._reader = FragmentReader()
        self._recent: deque[_Heard] = deque(maxlen=64)
        self._keyframe_at: Fraction | None = None
        self._frames = 0  # since the last keyframe
        self._gops: deque[Gop] = deque(maxlen=8)
        self._codec = ""
        self.keyframe_gap = 0.0

    def feed(self, data: bytes) -> None:
        """Raises BoxError on what ffmpeg does not write."""
        for item in self._reader.feed(data):
            if isinstance(item, InitSegment):
                self._codec = item.info.video.codec
            elif item.frames:
                self._add(item)

    def _add(self, item: Fragment) -> None:
        if item.independent:
            if self._keyframe_at is not None:
                self.keyframe_gap = round(float(item.start - self._keyframe_at), 2)
                self._gops.append(Gop(self._frames, float(item.start - self._keyframe_at)))
            self._keyframe_at = item.start
            self._frames = 0
        self._frames += item.frames
        self._recent.append(_Heard(item.start, item.end, item.frames, len(item.data)))
        while self._span() > _SPAN_SECONDS and len(self._recent) > 1:
            self._recent.popleft()

    @property
    def signal(self) -> Signal:
        """What passing the picture through depends on."""
        since = self._recent[-1].end - self._keyframe_at if self._recent and self._keyframe_at is not None else 0
        return Signal(self._codec, tuple(self._gops), self.bitrate, self._span(), float(since))

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

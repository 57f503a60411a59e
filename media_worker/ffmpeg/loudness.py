"""How loud the audio is, as ffmpeg's astats filter reports it once a second."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_LONGEST_LINE = 4096
_PEAK, _RMS = "lavfi.astats.Overall.Peak_level", "lavfi.astats.Overall.RMS_level"
# Digital silence has no level; this is below anything that 24 bits can hold.
FLOOR = -120.0
# A quiet room through an open microphone is above this, a muted one below.
_SILENCE = -60.0
# From here on a player cuts the tops off.
_FULL_SCALE = 0.0
_RECENT_SECONDS = 30
# Without a report for this long nobody knows the level.
_STALE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class LoudnessReport:
    """One report in dBFS: the mean power of a second and its highest sample. FLOOR where there is nothing."""

    mean: float
    peak: float


@dataclass(frozen=True, slots=True)
class Loudness:
    """`level` and `peak` are dBFS and None while unknown; `silent` counts seconds, `clipped` those of the last 30."""

    level: float | None = None
    peak: float | None = None
    silent: float = 0.0
    clipped: int = 0


class LoudnessReader:
    """Parses what ffmpeg's ametadata filter prints. Lines that cannot be read are left out."""

    def __init__(self) -> None:
        self._buffer = b""
        self._peak = FLOOR

    def feed(self, data: bytes) -> Iterator[LoudnessReport]:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        self._buffer = self._buffer[-_LONGEST_LINE:]
        for line in lines:
            key, _, value = line.decode("latin-1").partition("=")
            # The peak comes first: a report is complete with its mean.
            if key == _PEAK:
                self._peak = _decibels(value)
            elif key == _RMS:
                yield LoudnessReport(_decibels(value), self._peak)
                self._peak = FLOOR


class LoudnessMeter:
    """The loudness now: the last report, for how long it was silent, how often it clipped. `clock` is monotonic."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reader = LoudnessReader()
        self._last = LoudnessReport(FLOOR, FLOOR)
        self._reported_at: float | None = None
        self._audible_at: float | None = None
        self._clipped: deque[float] = deque(maxlen=_RECENT_SECONDS)

    def feed(self, data: bytes) -> None:
        for level in self._reader.feed(data):
            now = self._clock()
            self._last, self._reported_at = level, now
            if level.mean > _SILENCE or self._audible_at is None:
                self._audible_at = now
            if level.peak >= _FULL_SCALE:
                self._clipped.append(now)

    @property
    def loudness(self) -> Loudness:
        now = self._clock()
        # Silence begins at the first report, or where somebody first asks and none has come.
        self._audible_at = self._audible_at or now
        fresh = self._reported_at is not None and now - self._reported_at < _STALE_SECONDS
        quiet = not fresh or self._last.mean <= _SILENCE
        return Loudness(
            level=self._last.mean if fresh else None,
            peak=self._last.peak if fresh else None,
            silent=round(now - self._audible_at, 1) if quiet else 0.0,
            clipped=sum(at > now - _RECENT_SECONDS for at in self._clipped),
        )


def _decibels(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return FLOOR
    return round(max(FLOOR, value), 1) if not math.isnan(value) else FLOOR

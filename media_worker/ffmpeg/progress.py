"""What ffmpeg reports on its -progress pipe, and how fast it works."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_LONGEST_LINE = 4096
# ffmpeg's own `speed` is the mean since its start: after an hour it would not show a slow minute.
_SPEED_SECONDS = 30.0
# Below this, the second that ffmpeg took to start weighs too much.
_LEAST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Progress:
    """One report. `out_seconds` is how much of the time line is written; `speed` is None until known."""

    frames: int
    fps: float
    out_seconds: float
    speed: float | None
    duplicated: int
    dropped: int


class ProgressReader:
    """Parses the pipe's key=value lines into reports. Values that cannot be read count as absent."""

    def __init__(self) -> None:
        self._buffer = b""
        self._fields: dict[str, str] = {}

    def feed(self, data: bytes) -> Iterator[Progress]:
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        self._buffer = self._buffer[-_LONGEST_LINE:]
        for line in lines:
            key, _, value = line.decode("latin-1").partition("=")
            self._fields[key.strip()] = value.strip()
            if key == "progress":
                yield _report(self._fields)
                self._fields = {}


class SpeedMeter:
    """How fast the time line grew within the last half minute; 1 is real time. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, float]] = deque()

    def add(self, report: Progress) -> None:
        now = self._clock()
        # Before the first picture the time line stands still.
        if report.frames:
            self._marks.append((now, report.out_seconds))
        while self._marks and self._marks[0][0] < now - _SPEED_SECONDS:
            self._marks.popleft()

    @property
    def speed(self) -> float:
        """0 until it is known."""
        if not self._marks or self._marks[-1][0] - self._marks[0][0] < _LEAST_SECONDS:
            return 0.0
        (since, begun), (until, done) = self._marks[0], self._marks[-1]
        return round((done - begun) / (until - since), 3)


def _report(fields: dict[str, str]) -> Progress:
    speed = _number(fields.get("speed", "").removesuffix("x"))
    return Progress(
        frames=int(_number(fields.get("frame")) or 0),
        fps=_number(fields.get("fps")) or 0.0,
        out_seconds=(_number(fields.get("out_time_us")) or 0.0) / 1_000_000,
        speed=speed,
        duplicated=int(_number(fields.get("dup_frames")) or 0),
        dropped=int(_number(fields.get("drop_frames")) or 0),
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None

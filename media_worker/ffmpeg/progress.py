"""What ffmpeg says about itself on its -progress pipe."""

from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_LINE = 4096


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
    """Cuts the pipe's key=value lines into reports. What cannot be read counts as absent."""

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

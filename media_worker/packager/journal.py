"""The room's journal: one JSON line per run and per segment, appended before a playlist lists them.

A playlist lists a window; the journal lists everything. The next run continues from it, and a recording is made from
it. A segment enters when every rendition has it, so that renditions never differ. The format: docs/media.md.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variant:
    """A rendition as the multivariant playlist describes it."""

    name: str
    width: int
    height: int
    fps: float
    bandwidth: int
    average: int
    codecs: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run that has made its first segment. `disc` is its discontinuity sequence number."""

    run: int
    disc: int
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """One rendition's file of a segment: seconds and bytes."""

    duration: float
    size: int


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment of all renditions: media sequence number, run, discontinuity, program date, files by rendition."""

    msn: int
    run: int
    disc: int
    at: datetime
    files: Mapping[str, SegmentFile]

    @property
    def duration(self) -> float:
        return max(file.duration for file in self.files.values())


@dataclass(frozen=True, slots=True)
class Journal:
    """Every line that could be read, in order."""

    runs: tuple[RunLine, ...] = ()
    segments: tuple[SegmentLine, ...] = ()

    def since(self, seconds: float) -> tuple[SegmentLine, ...]:
        """The fewest last segments that last at least so many seconds together."""
        first, found = len(self.segments), 0.0
        while first and found < seconds:
            first -= 1
            found += self.segments[first].duration
        return self.segments[first:]

    @property
    def next_msn(self) -> int:
        return self.segments[-1].msn + 1 if self.segments else 0

    @property
    def next_disc(self) -> int:
        return max((line.disc for line in self.runs), default=-1) + 1

    @property
    def renditions(self) -> tuple[str, ...]:
        """Every rendition the room ever had, largest first."""
        return largest_first(variant.name for run in self.runs for variant in run.variants)


def largest_first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=_lines_of_picture, reverse=True))


def _lines_of_picture(name: str) -> int:
    return int(name.rstrip("p"))


def source_of(rendition: str, have: Sequence[str]) -> str:
    """Which rendition's files a playlist lists: its own, else the next smaller one's, else the smallest one's.

    A run of a smaller source has fewer renditions. Players do not reload the multivariant playlist, so a playlist
    that they follow must go on.
    """
    if rendition in have:
        return rendition
    smaller = [name for name in have if _lines_of_picture(name) < _lines_of_picture(rendition)]
    return max(smaller, key=_lines_of_picture) if smaller else min(have, key=_lines_of_picture)


def read(path: Path) -> Journal:
    """Reads the file. A line torn by a crash was never announced and is left out; no file is an empty journal."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Journal()
    runs: list[RunLine] = []
    segments: list[SegmentLine] = []
    for line in raw.splitlines():
        parsed = _parse(line)
        if isinstance(parsed, RunLine):
            runs.append(parsed)
        elif isinstance(parsed, SegmentLine) and (not segments or parsed.msn == segments[-1].msn + 1):
            segments.append(parsed)
    return Journal(tuple(runs), tuple(segments))


def append(path: Path, lines: Sequence[RunLine | SegmentLine]) -> None:
    """Appends the lines in one write. Ends a line first that a crash has torn."""
    text = "".join(_render(line) + "\n" for line in lines)
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                text = "\n" + text
        file.write(text.encode())


def _render(line: RunLine | SegmentLine) -> str:
    if isinstance(line, RunLine):
        return _dump({"run": line.run, "disc": line.disc, "variants": [asdict(item) for item in line.variants]})
    files = {name: [round(file.duration, 6), file.size] for name, file in line.files.items()}
    return _dump({"msn": line.msn, "run": line.run, "disc": line.disc, "at": line.at.isoformat(), "pieces": files})


def _dump(value: dict[str, object]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _parse(line: bytes) -> RunLine | SegmentLine | None:
    try:
        data = json.loads(line)
        if "msn" not in data:
            variants = tuple(Variant(**item) for item in data["variants"])
            return RunLine(int(data["run"]), int(data["disc"]), variants)
        files = {str(name): SegmentFile(float(value[0]), int(value[1])) for name, value in data["pieces"].items()}
        at = datetime.fromisoformat(data["at"])
        return SegmentLine(int(data["msn"]), int(data["run"]), int(data["disc"]), at, files)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None

"""The room's journal: one JSON line per run and per segment, appended before a playlist tells anybody.

A playlist shows a window; the journal remembers everything. A successor continues from it, and a recording
is written from it. A segment enters only when every rendition has it, so that the renditions never differ.
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
    """A run that has made its first segment. `disc` counts the discontinuities before it."""

    run: int
    disc: int
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One rendition's file of a segment."""

    duration: float
    size: int


@dataclass(frozen=True, slots=True)
class SegmentLine:
    msn: int
    run: int
    disc: int
    at: datetime
    pieces: Mapping[str, Piece]

    @property
    def duration(self) -> float:
        return max(piece.duration for piece in self.pieces.values())


@dataclass(frozen=True, slots=True)
class Journal:
    """All lines that could be read."""

    runs: tuple[RunLine, ...] = ()
    segments: tuple[SegmentLine, ...] = ()

    def since(self, seconds: float) -> tuple[SegmentLine, ...]:
        """The fewest last segments that are at least so many seconds long together."""
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
    """Where a rendition's segment comes from: itself, else the next smaller one, else the smallest there is.

    A run from a smaller source has fewer renditions. Players do not reload the multivariant playlist, so the
    playlist they follow must go on with what there is.
    """
    if rendition in have:
        return rendition
    smaller = [name for name in have if _lines_of_picture(name) < _lines_of_picture(rendition)]
    return max(smaller, key=_lines_of_picture) if smaller else min(have, key=_lines_of_picture)


def read(path: Path) -> Journal:
    """Reads what is on disk. A line torn by a crash was never announced and counts as absent."""
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
    """Appends in one write, behind a line end that a crash may have left out."""
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
    pieces = {name: [round(piece.duration, 6), piece.size] for name, piece in line.pieces.items()}
    return _dump({"msn": line.msn, "run": line.run, "disc": line.disc, "at": line.at.isoformat(), "pieces": pieces})


def _dump(value: dict[str, object]) -> str:
    return json.dumps(value, separators=(",", ":"))


def _parse(line: bytes) -> RunLine | SegmentLine | None:
    try:
        data = json.loads(line)
        if "msn" not in data:
            variants = tuple(Variant(**item) for item in data["variants"])
            return RunLine(int(data["run"]), int(data["disc"]), variants)
        pieces = {str(name): Piece(float(value[0]), int(value[1])) for name, value in data["pieces"].items()}
        at = datetime.fromisoformat(data["at"])
        return SegmentLine(int(data["msn"]), int(data["run"]), int(data["disc"]), at, pieces)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None

"""Segments and their parts: fragments between two keyframes, under a temporary name and renamed when complete."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from media_worker.packager.boxes import BoxError
from media_worker.packager.fragments import Fragment

# Half a minute of sound without a picture.
_MOST_HELD = 150


class CutError(BoxError):
    """A segment would not begin with a keyframe, or would never end."""


@dataclass(frozen=True, slots=True)
class CutPlan:
    """How many frames a segment has: the encoder was told where to put its keyframes.

    Knowing it closes a segment with its last frame, not with the next keyframe.
    """

    first: int
    rest: int

    def frames(self, index: int) -> int:
        return self.first if index == 0 else self.rest


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a segment that can be played before the rest is there. `segment` is the index of its segment."""

    segment: int
    data: bytes
    duration: Fraction
    independent: bool
    start: Fraction


@dataclass(frozen=True, slots=True)
class Segment:
    """A complete file on disk. `index` counts the run's segments from 0."""

    index: int
    path: Path
    start: Fraction
    duration: Fraction
    size: int


class SegmentWriter:
    """Writes one rendition's segments of one run, under temporary names that begin with `label`."""

    def __init__(self, folder: Path, plan: CutPlan, *, label: str) -> None:
        self._folder = folder
        self._label = label
        self._plan = plan
        self._index = 0
        self._file: BinaryIO | None = None
        self._start = self._end = Fraction(0)
        self._frames = self._size = 0
        self._held: list[bytes] = []

    def add(self, fragment: Fragment) -> Iterator[Part | Segment]:
        """Yields the part that this fragment is, the segment it completes, and first one that it proves complete."""
        if not fragment.frames:
            self._hold(fragment)
            return
        if self._file is None and not self._may_begin(fragment):
            return
        if self._frames and fragment.independent:
            # Earlier than planned: the source's own keyframe. Cutting here keeps every segment decodable.
            yield self._finish()
        if self._file is None:
            self._begin(fragment)
        yield self._append(fragment)
        if self._frames >= self._plan.frames(self._index):
            yield self._finish()

    def close(self) -> Segment | None:
        """The last, shorter segment, if there is one."""
        if self._file is None or not self._frames:
            return None
        self._write(b"".join(self._held))
        return self._finish()

    def abandon(self) -> None:
        """Leaves nothing half-written behind."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._temporary.unlink(missing_ok=True)

    @property
    def _temporary(self) -> Path:
        return self._folder / f".{self._label}-{self._index}.m4s.tmp"

    def _may_begin(self, fragment: Fragment) -> bool:
        if fragment.independent:
            return True
        if self._index:
            raise CutError("a segment would begin without a keyframe")
        return False

    def _hold(self, fragment: Fragment) -> None:
        """Sound alone goes with the next picture; before the first keyframe nobody misses it."""
        if self._index or self._file is not None:
            if len(self._held) >= _MOST_HELD:
                raise CutError("sound goes on but the picture does not")
            self._held.append(fragment.data)

    def _begin(self, fragment: Fragment) -> None:
        self._file = self._temporary.open("wb")
        self._start = fragment.start
        self._frames = self._size = 0

    def _append(self, fragment: Fragment) -> Part:
        data = b"".join((*self._held, fragment.data))
        self._held.clear()
        self._write(data)
        self._frames += fragment.frames
        self._end = fragment.end
        return Part(self._index, data, fragment.duration, fragment.independent, fragment.start)

    def _write(self, data: bytes) -> None:
        if self._file is None:
            raise CutError("no segment is open")
        self._file.write(data)
        self._size += len(data)

    def _finish(self) -> Segment:
        if self._file is None:
            raise CutError("no segment is open")
        self._file.close()
        self._file = None
        segment = Segment(self._index, self._temporary, self._start, self._end - self._start, self._size)
        self._index += 1
        self._frames = 0
        return segment

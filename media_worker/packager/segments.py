"""Segments: fragments between two keyframes, written under a temporary name and renamed when complete."""

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

    def add(self, fragment: Fragment) -> Iterator[Segment]:
        """Yields the segment that this fragment completes, and before it one that it proves complete."""
        if self._file is None and not self._may_begin(fragment):
            self._hold(fragment)
            return
        if self._frames and fragment.independent:
            # Earlier than planned: the source's own keyframe. Cutting here keeps every segment decodable.
            yield self._finish()
        if self._file is None:
            self._begin(fragment)
        self._append(fragment)
        if self._frames >= self._plan.frames(self._index):
            yield self._finish()

    def close(self) -> Segment | None:
        """The last, shorter segment, if there is one."""
        return self._finish() if self._file is not None and self._frames else None

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
        if self._index and fragment.frames:
            raise CutError("a segment would begin without a keyframe")
        return False

    def _hold(self, fragment: Fragment) -> None:
        """Sound alone between two segments belongs to the next; before the first keyframe nobody misses it."""
        if self._index:
            if len(self._held) >= _MOST_HELD:
                raise CutError("sound goes on but the picture does not")
            self._held.append(fragment.data)

    def _begin(self, fragment: Fragment) -> None:
        self._file = self._temporary.open("wb")
        self._start = fragment.start
        self._frames = self._size = 0
        for data in self._held:
            self._write(data)
        self._held.clear()

    def _append(self, fragment: Fragment) -> None:
        self._write(fragment.data)
        self._frames += fragment.frames
        if fragment.frames:
            self._end = fragment.end

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

"""The unfinished segment: which of its parts were announced, so that a crash can be recovered from.

The file is a write-ahead log of one entry: it is written before a playlist lists the part.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from media_worker.layout import RoomLayout
from media_worker.packager import journal
from media_worker.packager.atomic import write_atomically
from media_worker.packager.journal import Journal, SegmentFile, SegmentLine


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One part: seconds, bytes, and whether it begins with a keyframe."""

    duration: float
    size: int
    independent: bool


@dataclass(frozen=True, slots=True)
class UnfinishedSegment:
    """The announced parts of a segment, by rendition; each rendition has all of them. `at` is its program date."""

    msn: int
    run: int
    disc: int
    at: datetime
    parts: Mapping[str, tuple[PartInfo, ...]]

    @property
    def count(self) -> int:
        return min((len(parts) for parts in self.parts.values()), default=0)


def write(path: Path, unfinished: UnfinishedSegment) -> None:
    parts = {
        name: [[round(item.duration, 6), item.size, item.independent] for item in items]
        for name, items in unfinished.parts.items()
    }
    place = {"msn": unfinished.msn, "run": unfinished.run, "disc": unfinished.disc, "at": unfinished.at.isoformat()}
    write_atomically(path, json.dumps({**place, "parts": parts}, separators=(",", ":")).encode())


def read(path: Path) -> UnfinishedSegment | None:
    try:
        data = json.loads(path.read_bytes())
        parts = {
            str(name): tuple(PartInfo(float(item[0]), int(item[1]), bool(item[2])) for item in items)
            for name, items in data["parts"].items()
        }
        at = datetime.fromisoformat(data["at"])
        return UnfinishedSegment(int(data["msn"]), int(data["run"]), int(data["disc"]), at, parts)
    except (FileNotFoundError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def recover(layout: RoomLayout) -> Journal:
    """The room's journal, after the announced parts that a crash left behind were made a segment of their own.

    Players may have played these parts under this media sequence number, so no other picture may take it. Repeatable;
    no run may be writing. Parts that are gone (a restarted machine with tmpfs) cannot be recovered.
    """
    past = journal.read(layout.journal)
    left = read(layout.unfinished)
    if left is None or left.msn != past.next_msn or not left.count:
        return past
    assembled = {name: _assemble(layout, left, name) for name in left.parts}
    files = {name: file for name, file in assembled.items() if file is not None}
    if len(files) < len(assembled):
        return past
    line = SegmentLine(left.msn, left.run, left.disc, left.at, files)
    journal.append(layout.journal, [line])
    return replace(past, segments=(*past.segments, line))


def _assemble(layout: RoomLayout, left: UnfinishedSegment, rendition: str) -> SegmentFile | None:
    """Writes the segment from its parts. None when a part is missing or torn."""
    parts = left.parts[rendition]
    try:
        data = [layout.part(rendition, left.msn, number).read_bytes() for number in range(len(parts))]
    except FileNotFoundError:
        return None
    if [len(part) for part in data] != [part.size for part in parts]:
        return None
    write_atomically(layout.segment(rendition, left.msn), b"".join(data))
    return SegmentFile(sum(part.duration for part in parts), sum(part.size for part in parts))

"""The segment that is being written: which of its parts players were told of, and what becomes of them in a crash."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from media_worker.layout import RoomLayout
from media_worker.packager import journal
from media_worker.packager.atomic import write_atomically
from media_worker.packager.journal import Journal, Piece, SegmentLine


@dataclass(frozen=True, slots=True)
class PartFact:
    duration: float
    size: int
    independent: bool


@dataclass(frozen=True, slots=True)
class UnfinishedSegment:
    """Every rendition has all of these parts. Written before a playlist tells of them."""

    msn: int
    run: int
    disc: int
    at: datetime
    parts: Mapping[str, tuple[PartFact, ...]]

    @property
    def count(self) -> int:
        return min((len(parts) for parts in self.parts.values()), default=0)


def write(path: Path, opening: UnfinishedSegment) -> None:
    parts = {
        name: [[round(item.duration, 6), item.size, item.independent] for item in items]
        for name, items in opening.parts.items()
    }
    facts = {"msn": opening.msn, "run": opening.run, "disc": opening.disc, "at": opening.at.isoformat()}
    write_atomically(path, json.dumps({**facts, "parts": parts}, separators=(",", ":")).encode())


def read(path: Path) -> UnfinishedSegment | None:
    try:
        data = json.loads(path.read_bytes())
        parts = {
            str(name): tuple(PartFact(float(item[0]), int(item[1]), bool(item[2])) for item in items)
            for name, items in data["parts"].items()
        }
        at = datetime.fromisoformat(data["at"])
        return UnfinishedSegment(int(data["msn"]), int(data["run"]), int(data["disc"]), at, parts)
    except (FileNotFoundError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def adopt(layout: RoomLayout) -> Journal:
    """The room's journal, where announced parts of a segment that a crash left unfinished have become a segment.

    Players may have played them under this media sequence number: another picture must not take it. Repeatable;
    no run may be writing. Parts that are gone (a restarted machine with tmpfs) cannot be adopted.
    """
    past = journal.read(layout.journal)
    left = read(layout.opening)
    if left is None or left.msn != past.next_msn or not left.count:
        return past
    pieces = {name: _assemble(layout, left, name) for name in left.parts}
    whole = {name: piece for name, piece in pieces.items() if piece is not None}
    if len(whole) < len(pieces):
        return past
    line = SegmentLine(left.msn, left.run, left.disc, left.at, whole)
    journal.append(layout.journal, [line])
    return replace(past, segments=(*past.segments, line))


def _assemble(layout: RoomLayout, left: UnfinishedSegment, rendition: str) -> Piece | None:
    """Writes the segment from its parts. None: a part is missing or torn."""
    facts = left.parts[rendition]
    try:
        data = [layout.part(rendition, left.msn, number).read_bytes() for number in range(len(facts))]
    except FileNotFoundError:
        return None
    if [len(part) for part in data] != [fact.size for fact in facts]:
        return None
    write_atomically(layout.segment(rendition, left.msn), b"".join(data))
    return Piece(sum(fact.duration for fact in facts), sum(fact.size for fact in facts))

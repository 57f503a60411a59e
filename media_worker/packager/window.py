"""The segments that a live playlist shows, as text that is rendered once: a long window must not cost every part."""

import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from media_worker.packager import playlist
from media_worker.packager.journal import SegmentLine
from media_worker.packager.part_files import SEGMENTS_WITH_PARTS
from media_worker.packager.playlist import Entry
from media_worker.packager.unfinished_segment import PartFact, UnfinishedSegment

# The parts of some segments, by media sequence number and rendition.
type Parts = Mapping[int, Mapping[str, Sequence[PartFact]]]


@dataclass(frozen=True, slots=True)
class Page:
    """A live media playlist in pieces: `past` changes with a segment, the others with each part.

    A delta update (RFC 8216bis, 6.2.5.1) has `skip` in the place of `past`. Where nothing is old enough to be
    skipped both are empty, and so is `past_id`, which otherwise names this `past` in eight hexadecimal digits.
    """

    past: bytes
    past_id: str
    skip: bytes
    recent: bytes

    @property
    def full(self) -> bytes:
        return self.past + self.recent

    @property
    def delta(self) -> bytes:
        return self.skip + self.recent


class Window:
    """What one rendition's playlist shows: the fewest last segments that are at least `seconds` long together."""

    def __init__(self, rendition: str, lines: Iterable[SegmentLine], *, seconds: float) -> None:
        self._rendition = rendition
        self._seconds = seconds
        self._lines: deque[SegmentLine] = deque()
        self._entries: deque[Entry] = deque()
        # What each entry says without its parts, behind the one before it.
        self._blocks: deque[str] = deque()
        self._target = self._skipped = 0
        self._old = self._head = self._past_id = ""
        self._past = b""
        for line in lines:
            self._push(line)
        self._settle()

    def append(self, line: SegmentLine) -> None:
        self._push(line)
        self._settle()

    def page(
        self, unfinished: UnfinishedSegment, others: Sequence[str], parts: Parts, *, part_target: float, more: bool
    ) -> Page:
        """The playlist of this moment, with at least one segment. `more`: another part will come."""
        first, control = self._entries[0], playlist.control(part_target, self._target)
        shown = list(self._recent(parts))
        edge = playlist.edge(unfinished, self._rendition, others, more=more)
        recent = "".join(block for _, block in shown)
        if edge.opening:
            recent += playlist.block(edge.opening, self._entries[-1])
        recent += playlist.beyond(edge, shown[-1][0])
        head = playlist.head(first, self._target, control=control)
        if not self._skipped:
            return Page(b"", "", b"", (head + recent).encode())
        self._renew_past(head)
        skip = playlist.head(first, self._target, control=control, skipped=self._skipped)
        return Page(self._past, self._past_id, skip.encode(), recent.encode())

    def _push(self, line: SegmentLine) -> None:
        item = playlist.entry(line, self._rendition)
        self._blocks.append(playlist.block(item, self._entries[-1] if self._entries else None))
        self._entries.append(item)
        self._lines.append(line)

    def _settle(self) -> None:
        """Lets go of what is too old, and joins what a delta update skips."""
        if not self._entries:
            return
        seconds = sum(item.duration for item in self._entries)
        while seconds - self._entries[0].duration >= self._seconds:
            seconds -= self._entries.popleft().duration
            self._blocks.popleft()
            self._lines.popleft()
        self._blocks[0] = playlist.block(self._entries[0], None)
        self._target = playlist.target_duration(self._entries)
        self._skipped = len(self._entries) - self._never_skipped()
        self._old = "".join(islice(self._blocks, self._skipped))
        self._head = ""

    def _never_skipped(self) -> int:
        count, seconds = 0, 0.0
        for item in reversed(self._entries):
            if count >= SEGMENTS_WITH_PARTS and seconds >= playlist.skip_until(self._target):
                break
            count += 1
            seconds += item.duration
        return count

    def _renew_past(self, head: str) -> None:
        if head != self._head:
            self._head = head
            self._past = (head + self._old).encode()
            self._past_id = f"{zlib.crc32(self._past):08x}"

    def _recent(self, parts: Parts) -> Iterator[tuple[Entry, str]]:
        for index in range(self._skipped, len(self._entries)):
            item, block = self._entries[index], self._blocks[index]
            if item.msn in parts:
                item = playlist.entry(self._lines[index], self._rendition, parts[item.msn])
                block = playlist.block(item, self._entries[index - 1] if index else None)
            yield item, block

"""The segments that a live playlist lists. Their text is rendered once: a long window must not cost every part."""

import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from media_worker.packager import playlist
from media_worker.packager.journal import SegmentLine
from media_worker.packager.part_files import SEGMENTS_WITH_PARTS
from media_worker.packager.playlist import SegmentEntry
from media_worker.packager.unfinished_segment import PartInfo, UnfinishedSegment

# The parts of some segments, by media sequence number and rendition.
type Parts = Mapping[int, Mapping[str, Sequence[PartInfo]]]


@dataclass(frozen=True, slots=True)
class RenderedPlaylist:
    """A live media playlist in pieces: `past` changes with each segment, `skip` and `recent` with each part.

    The full playlist is `past` and `recent`. A delta update (RFC 8216bis, 6.2.5.1) is `skip` and `recent`. `past_id`
    is the CRC-32 of `past` in eight hexadecimal digits. Where nothing is old enough to be skipped, all but `recent`
    are empty.
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
    """What one rendition's playlist lists: the fewest last segments that last at least `seconds` together."""

    def __init__(self, rendition: str, lines: Iterable[SegmentLine], *, seconds: float) -> None:
        self._rendition = rendition
        self._seconds = seconds
        self._lines: deque[SegmentLine] = deque()
        self._entries: deque[SegmentEntry] = deque()
        # The text of each entry without its parts, behind the one before it.
        self._tags: deque[str] = deque()
        self._target = self._skipped = 0
        self._old = self._header = self._past_id = ""
        self._past = b""
        for line in lines:
            self._push(line)
        self._settle()

    def append(self, line: SegmentLine) -> None:
        self._push(line)
        self._settle()

    def render(
        self, unfinished: UnfinishedSegment, others: Sequence[str], parts: Parts, *, part_target: float, more: bool
    ) -> RenderedPlaylist:
        """The playlist of this moment; needs one whole segment. `more`: another part will come."""
        first, server_control = self._entries[0], playlist.server_control(part_target, self._target)
        shown = list(self._recent(parts))
        edge = playlist.edge(unfinished, self._rendition, others, more=more)
        recent = "".join(segment_tags for _, segment_tags in shown)
        if edge.unfinished:
            recent += playlist.segment_tags(edge.unfinished, self._entries[-1])
        recent += playlist.edge_tags(edge, shown[-1][0])
        header = playlist.header(first, self._target, server_control=server_control)
        if not self._skipped:
            return RenderedPlaylist(b"", "", b"", (header + recent).encode())
        self._renew_past(header)
        skip = playlist.header(first, self._target, server_control=server_control, skipped=self._skipped)
        return RenderedPlaylist(self._past, self._past_id, skip.encode(), recent.encode())

    def _push(self, line: SegmentLine) -> None:
        item = playlist.entry(line, self._rendition)
        self._tags.append(playlist.segment_tags(item, self._entries[-1] if self._entries else None))
        self._entries.append(item)
        self._lines.append(line)

    def _settle(self) -> None:
        """Drops what is older than the window, and joins the text that a delta update skips."""
        if not self._entries:
            return
        seconds = sum(item.duration for item in self._entries)
        while seconds - self._entries[0].duration >= self._seconds:
            seconds -= self._entries.popleft().duration
            self._tags.popleft()
            self._lines.popleft()
        self._tags[0] = playlist.segment_tags(self._entries[0], None)
        self._target = playlist.target_duration(self._entries)
        self._skipped = len(self._entries) - self._never_skipped()
        self._old = "".join(islice(self._tags, self._skipped))
        self._header = ""

    def _never_skipped(self) -> int:
        count, seconds = 0, 0.0
        for item in reversed(self._entries):
            if count >= SEGMENTS_WITH_PARTS and seconds >= playlist.skip_until(self._target):
                break
            count += 1
            seconds += item.duration
        return count

    def _renew_past(self, header: str) -> None:
        if header != self._header:
            self._header = header
            self._past = (header + self._old).encode()
            self._past_id = f"{zlib.crc32(self._past):08x}"

    def _recent(self, parts: Parts) -> Iterator[tuple[SegmentEntry, str]]:
        for index in range(self._skipped, len(self._entries)):
            item, segment_tags = self._entries[index], self._tags[index]
            if item.msn in parts:
                item = playlist.entry(self._lines[index], self._rendition, parts[item.msn])
                segment_tags = playlist.segment_tags(item, self._entries[index - 1] if index else None)
            yield item, segment_tags

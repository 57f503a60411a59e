"""One room's files: parts and segments of all renditions enter together, playlists follow, a later run continues."""

import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from media_worker.ladder import Ladder, Rendition
from media_worker.layout import RoomLayout
from media_worker.packager import journal, part_files, playlist, playlist_sink, unfinished_segment
from media_worker.packager.atomic import write_atomically
from media_worker.packager.boxes import BoxError
from media_worker.packager.fragments import Fragment, InitSegment
from media_worker.packager.init import Init
from media_worker.packager.journal import Piece, RunLine, SegmentLine, Variant
from media_worker.packager.part_files import SEGMENTS_WITH_PARTS, PartFiles
from media_worker.packager.playlist_sink import PlaylistSink
from media_worker.packager.segments import CutPlan, Part, Segment, SegmentWriter
from media_worker.packager.unfinished_segment import UnfinishedSegment
from media_worker.packager.window import Page, Window

# A rendition this many segments behind the others will not catch up.
_MOST_WAITING = 4
# Room for audio and for the peaks that the encoder's buffer allows.
_AUDIO_BITRATE = 160_000
_PEAK = 1.1


class PackagerError(BoxError):
    """The renditions cannot be kept together."""


class RoomWriter:
    """The files of one run in a room. Continues whatever the room's journal holds. Not thread-safe.

    `window` is how many seconds a live playlist shows; `tell` hears of every new playlist.
    """

    def __init__(
        self, layout: RoomLayout, *, run: int, ladder: Ladder, window: float, tell: PlaylistSink | None = None
    ) -> None:
        past = unfinished_segment.adopt(layout)
        self._layout = layout
        self._run = run
        self._ladder = ladder
        self._herald = tell or playlist_sink.NullSink()
        self._first = self._next = past.next_msn
        self._disc = past.next_disc
        self._announced = 0
        names = [item.name for item in ladder.renditions]
        self._renditions = journal.largest_first([*past.renditions, *names])
        self._last = past.segments[-1] if past.segments else None
        shown = past.since(window)
        self._windows = {name: Window(name, shown, seconds=window) for name in self._renditions}
        self._inits: dict[str, Init] = {}
        self._waiting: dict[str, deque[Segment]] = {name: deque() for name in names}
        # Where the segment that is being written begins, on the run's time line.
        self._begins: dict[int, Fraction] = {}
        self._zero: datetime | None = None
        self._shelf = PartFiles(layout, names)
        self._writers = {name: self._open(name) for name in names}
        part_files.tidy(layout, self._renditions, keep=range(self._first - SEGMENTS_WITH_PARTS, self._first))
        # The class goes on after all, for instance when its end and a new run crossed.
        layout.ended.unlink(missing_ok=True)

    @property
    def published(self) -> int:
        """How many segments this run has published: from the first on, the room can be played."""
        return self._next - self._first

    def accept(self, rendition: str, item: InitSegment | Fragment) -> None:
        """Takes what a rendition's pipe yields; announces each part and segment that every rendition has."""
        if isinstance(item, InitSegment):
            self._inits[rendition] = item.info
            write_atomically(self._layout.init(rendition, self._run), item.data)
            return
        if self._zero is None and item.independent:
            self._zero = self._anchor(item)
        for piece in self._writers[rendition].add(item):
            if isinstance(piece, Part):
                self._keep(rendition, piece)
            else:
                self._complete(rendition, piece)
        self._announce()

    def close(self) -> None:
        """Publishes the run's last, shorter segment where every rendition has it."""
        for name, writer in self._writers.items():
            if (last := writer.close()) is not None:
                self._complete(name, last)
        if self.published:
            self._show(more=False)
        self.abandon()

    def abandon(self) -> None:
        """Removes what is not published. Publishes nothing: another worker may own the room by now."""
        for writer in self._writers.values():
            writer.abandon()
        for queue in self._waiting.values():
            while queue:
                queue.pop().path.unlink(missing_ok=True)

    def _open(self, rendition: str) -> SegmentWriter:
        folder = self._layout.rendition(rendition)
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob(".*.m4s.tmp"):
            stale.unlink(missing_ok=True)  # a worker that was killed could not tidy up
        plan = CutPlan(self._ladder.first_frames, self._ladder.gop_frames)
        return SegmentWriter(folder, plan, label=f"{self._run}")

    def _anchor(self, first: Fragment) -> datetime:
        """The run's one wall-clock anchor: when time zero of its time line was. Dates never run backwards."""
        start = datetime.fromtimestamp(time.time() - float(first.duration), tz=UTC)
        if self._last:
            start = max(start, self._last.at + timedelta(seconds=self._last.duration))
        return start - _delta(first.start)

    def _keep(self, rendition: str, part: Part) -> None:
        msn = self._first + part.segment
        self._begins[msn] = min(self._begins.get(msn, part.start), part.start)
        self._shelf.add(rendition, msn, part)

    def _announce(self) -> None:
        """Tells of parts that every rendition has. Not before the run's first segment: it is short anyway."""
        count = self._shelf.common(self._next)
        if self.published and count > self._announced:
            self._announced = count
            unfinished_segment.write(self._layout.opening, self._unfinished())
            self._show()

    def _complete(self, rendition: str, segment: Segment) -> None:
        waiting = self._waiting[rendition]
        waiting.append(segment)
        if len(waiting) > _MOST_WAITING:
            raise PackagerError(f"{rendition} is {len(waiting)} segments ahead of another rendition")
        while all(self._waiting.values()):
            self._publish({name: queue.popleft() for name, queue in self._waiting.items()})

    def _publish(self, group: Mapping[str, Segment]) -> None:
        pieces: dict[str, Piece] = {}
        for name, segment in group.items():
            segment.path.rename(self._layout.segment(name, self._next))
            pieces[name] = Piece(float(segment.duration), segment.size)
        line = SegmentLine(self._next, self._run, self._disc, self._at(self._next), pieces)
        run = RunLine(self._run, self._disc, tuple(map(self._variant, self._ladder.renditions)))
        first = self.published == 0
        journal.append(self._layout.journal, [run, line] if first else [line])
        self._begins.pop(self._next)
        self._next += 1
        self._announced = 0
        self._last = line
        for window in self._windows.values():
            window.append(line)
        self._show()
        self._shelf.forget(open_msn=self._next)
        if first:
            # Last, so that whoever finds it finds every rendition playable.
            write_atomically(self._layout.multivariant, playlist.multivariant(run.variants).encode())

    def _show(self, *, more: bool = True) -> None:
        """Writes the media playlist of every rendition the room ever had. `more`: another part will come."""
        unfinished = self._unfinished()
        parts = {msn: self._shelf.parts(msn) for msn in range(self._next - SEGMENTS_WITH_PARTS, self._next)}
        target = self._part_target()
        for name, window in self._windows.items():
            others = [other for other in self._renditions if other != name]
            page = window.page(unfinished, others, parts, part_target=target, more=more)
            self._write(name, page, whole=not (self._announced and more))
            self._herald.tell(name, playlist_sink.version(self._next, self._announced), page)

    def _write(self, rendition: str, page: Page, *, whole: bool) -> None:
        """`whole`: it ends with a segment. Whoever hears of each part need not find it on disk, too."""
        if whole or not self._herald.heard:
            self._layout.rendition(rendition).mkdir(parents=True, exist_ok=True)
            write_atomically(self._layout.playlist(rendition), page.full)

    def _part_target(self) -> float:
        return max(float(self._ladder.fragment_frames / self._ladder.fps), self._shelf.longest)

    def _unfinished(self) -> UnfinishedSegment:
        parts = self._shelf.parts(self._next, self._announced) or dict.fromkeys(self._waiting, ())
        at = self._at(self._next) if self._announced else datetime.fromtimestamp(0, tz=UTC)
        return UnfinishedSegment(self._next, self._run, self._disc, at, parts)

    def _at(self, msn: int) -> datetime:
        if self._zero is None:
            raise PackagerError("a segment without a keyframe")
        return self._zero + _delta(self._begins[msn])

    def _variant(self, item: Rendition) -> Variant:
        info = self._inits[item.name]
        audio = _AUDIO_BITRATE if len(info.tracks) > 1 else 0
        return Variant(
            name=item.name,
            width=info.video.width,
            height=info.video.height,
            fps=round(float(item.fps), 3),
            bandwidth=int((item.maxrate + audio) * _PEAK),
            average=item.bitrate + audio,
            codecs=info.codecs,
        )


def _delta(seconds: Fraction) -> timedelta:
    return timedelta(seconds=float(seconds))

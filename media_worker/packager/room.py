"""Writes one room's files: parts and segments of all renditions together, then the playlists that list them."""

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
from media_worker.packager.journal import RunLine, SegmentFile, SegmentLine, Variant
from media_worker.packager.part_files import SEGMENTS_WITH_PARTS, PartFiles
from media_worker.packager.playlist_sink import PlaylistSink
from media_worker.packager.segments import CutPlan, Part, Segment, SegmentWriter
from media_worker.packager.unfinished_segment import UnfinishedSegment
from media_worker.packager.window import RenderedPlaylist, Window

# A rendition this many segments behind the others will not catch up.
_MOST_PENDING = 4
# Room for audio and for the peaks that the encoder's buffer allows.
_AUDIO_BITRATE = 160_000
_PEAK = 1.1


class PackagerError(BoxError):
    """The renditions cannot be kept together."""


class RoomWriter:
    """The files of one run in a room; continues what the room's journal holds.

    `window` is how many seconds a live playlist lists. `sink` gets every new playlist. Not thread-safe. Raises
    PackagerError when the renditions drift apart, BoxError on fragments that are malformed, OSError of the disk.
    """

    def __init__(
        self, layout: RoomLayout, *, run: int, ladder: Ladder, window: float, sink: PlaylistSink | None = None
    ) -> None:
        past = unfinished_segment.recover(layout)
        self._layout = layout
        self._run = run
        self._ladder = ladder
        self._sink = sink or playlist_sink.NullSink()
        self._first = self._next = past.next_msn
        self._disc = past.next_disc
        self._announced = 0
        names = [item.name for item in ladder.renditions]
        self._renditions = journal.largest_first([*past.renditions, *names])
        self._last = past.segments[-1] if past.segments else None
        shown = past.since(window)
        self._windows = {name: Window(name, shown, seconds=window) for name in self._renditions}
        self._inits: dict[str, Init] = {}
        self._pending: dict[str, deque[Segment]] = {name: deque() for name in names}
        # Where the unfinished segments begin, in seconds on the run's time line.
        self._segment_starts: dict[int, Fraction] = {}
        self._time_zero: datetime | None = None
        self._part_files = PartFiles(layout, names)
        self._writers = {name: self._open_writer(name) for name in names}
        part_files.tidy(layout, self._renditions, keep=range(self._first - SEGMENTS_WITH_PARTS, self._first))
        # The class goes on after all, for instance when its end and a new run crossed.
        layout.ended.unlink(missing_ok=True)

    @property
    def published(self) -> int:
        """How many segments this run has published: from the first on, the room can be played."""
        return self._next - self._first

    def accept(self, rendition: str, item: InitSegment | Fragment) -> None:
        """Stores what a rendition's pipe yields, and announces each part and segment that every rendition has."""
        if isinstance(item, InitSegment):
            self._inits[rendition] = item.info
            write_atomically(self._layout.init(rendition, self._run), item.data)
            return
        if self._time_zero is None and item.independent:
            self._time_zero = self._anchor(item)
        for piece in self._writers[rendition].add(item):
            if isinstance(piece, Part):
                self._store_part(rendition, piece)
            else:
                self._queue_segment(rendition, piece)
        self._announce()

    def close(self) -> None:
        """Publishes the run's last, shorter segment where every rendition has it."""
        for name, writer in self._writers.items():
            if (last := writer.close()) is not None:
                self._queue_segment(name, last)
        if self.published:
            self._write_playlists(more=False)
        self.abandon()

    def abandon(self) -> None:
        """Removes what is not published. Publishes nothing: another worker may own the room by now."""
        for writer in self._writers.values():
            writer.abandon()
        for queue in self._pending.values():
            while queue:
                queue.pop().path.unlink(missing_ok=True)

    def _open_writer(self, rendition: str) -> SegmentWriter:
        folder = self._layout.rendition(rendition)
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob(".*.m4s.tmp"):
            stale.unlink(missing_ok=True)  # a worker that was killed could not tidy up
        plan = CutPlan(self._ladder.first_frames, self._ladder.gop_frames)
        return SegmentWriter(folder, plan, label=f"{self._run}")

    def _anchor(self, first: Fragment) -> datetime:
        """When time zero of the run was, by the wall clock: one anchor a run. Program dates never run backwards."""
        start = datetime.fromtimestamp(time.time() - float(first.duration), tz=UTC)
        if self._last:
            start = max(start, self._last.at + timedelta(seconds=self._last.duration))
        return start - _delta(first.start)

    def _store_part(self, rendition: str, part: Part) -> None:
        msn = self._first + part.segment
        self._segment_starts[msn] = min(self._segment_starts.get(msn, part.start), part.start)
        self._part_files.add(rendition, msn, part)

    def _announce(self) -> None:
        """Lists new parts that every rendition has. The run's first segment, a second long, is listed as a whole."""
        count = self._part_files.common(self._next)
        if self.published and count > self._announced:
            self._announced = count
            unfinished_segment.write(self._layout.unfinished, self._unfinished())
            self._write_playlists()

    def _queue_segment(self, rendition: str, segment: Segment) -> None:
        pending = self._pending[rendition]
        pending.append(segment)
        if len(pending) > _MOST_PENDING:
            raise PackagerError(f"{rendition} is {len(pending)} segments ahead of another rendition")
        while all(self._pending.values()):
            self._publish({name: queue.popleft() for name, queue in self._pending.items()})

    def _publish(self, group: Mapping[str, Segment]) -> None:
        files: dict[str, SegmentFile] = {}
        for name, segment in group.items():
            segment.path.rename(self._layout.segment(name, self._next))
            files[name] = SegmentFile(float(segment.duration), segment.size)
        line = SegmentLine(self._next, self._run, self._disc, self._at(self._next), files)
        run = RunLine(self._run, self._disc, tuple(map(self._variant, self._ladder.renditions)))
        first = self.published == 0
        journal.append(self._layout.journal, [run, line] if first else [line])
        self._segment_starts.pop(self._next)
        self._next += 1
        self._announced = 0
        self._last = line
        for window in self._windows.values():
            window.append(line)
        self._write_playlists()
        self._part_files.forget(open_msn=self._next)
        if first:
            # Last, so that whoever finds it finds every rendition playable.
            write_atomically(self._layout.multivariant, playlist.multivariant(run.variants).encode())

    def _write_playlists(self, *, more: bool = True) -> None:
        """Writes the media playlist of every rendition the room ever had. `more`: another part will come."""
        unfinished = self._unfinished()
        parts = {msn: self._part_files.parts(msn) for msn in range(self._next - SEGMENTS_WITH_PARTS, self._next)}
        target = self._part_target()
        for name, window in self._windows.items():
            others = [other for other in self._renditions if other != name]
            rendered = window.render(unfinished, others, parts, part_target=target, more=more)
            self._write_file(name, rendered, whole=not (self._announced and more))
            self._sink.push(name, playlist_sink.version(self._next, self._announced), rendered)

    def _write_file(self, rendition: str, rendered: RenderedPlaylist, *, whole: bool) -> None:
        """Writes the playlist where it ends with a segment (`whole`), or where no sink has taken the last ones."""
        if whole or not self._sink.delivered:
            self._layout.rendition(rendition).mkdir(parents=True, exist_ok=True)
            write_atomically(self._layout.playlist(rendition), rendered.full)

    def _part_target(self) -> float:
        return max(float(self._ladder.fragment_frames / self._ladder.fps), self._part_files.longest)

    def _unfinished(self) -> UnfinishedSegment:
        parts = self._part_files.parts(self._next, self._announced) or dict.fromkeys(self._pending, ())
        at = self._at(self._next) if self._announced else datetime.fromtimestamp(0, tz=UTC)
        return UnfinishedSegment(self._next, self._run, self._disc, at, parts)

    def _at(self, msn: int) -> datetime:
        if self._time_zero is None:
            raise PackagerError("a segment without a keyframe")
        return self._time_zero + _delta(self._segment_starts[msn])

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

"""One room's files: segments of all renditions enter together, playlists follow, a later run continues."""

import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from media_worker.ladder import Ladder, Rendition
from media_worker.layout import RoomLayout
from media_worker.packager import journal, playlist
from media_worker.packager.boxes import BoxError
from media_worker.packager.files import write_atomically, write_playlists
from media_worker.packager.fragments import Fragment, InitSegment
from media_worker.packager.init import Init
from media_worker.packager.journal import Piece, RunLine, SegmentLine, Variant
from media_worker.packager.segments import CutPlan, Segment, SegmentWriter

# A rendition this many segments behind the others will not catch up.
_MOST_WAITING = 4
# Room for audio and for the peaks that the encoder's buffer allows.
_AUDIO_BITRATE = 160_000
_PEAK = 1.1


class PackagerError(BoxError):
    """The renditions cannot be kept together."""


class RoomWriter:
    """The files of one run in a room. Continues whatever the room's journal holds. Not thread-safe.

    `window` is the number of segments that a live playlist shows.
    """

    def __init__(self, layout: RoomLayout, *, run: int, ladder: Ladder, window: int) -> None:
        past = journal.read(layout.journal)
        self._layout = layout
        self._run = run
        self._ladder = ladder
        self._first = self._next = past.next_msn
        self._disc = past.next_disc
        self._renditions = journal.largest_first([*past.renditions, *(item.name for item in ladder.renditions)])
        self._shown: deque[SegmentLine] = deque(past.segments[-window:], maxlen=window)
        self._inits: dict[str, Init] = {}
        self._waiting: dict[str, deque[Segment]] = {item.name: deque() for item in ladder.renditions}
        self._zero: datetime | None = None
        self._writers = {item.name: self._open(item.name) for item in ladder.renditions}
        # The class goes on after all, for instance when its end and a new run crossed.
        layout.ended.unlink(missing_ok=True)

    @property
    def published(self) -> int:
        """How many segments this run has published: from the first on, the room can be played."""
        return self._next - self._first

    def accept(self, rendition: str, item: InitSegment | Fragment) -> None:
        """Takes what a rendition's pipe yields; publishes each segment that every rendition has completed."""
        if isinstance(item, InitSegment):
            self._inits[rendition] = item.info
            write_atomically(self._layout.init(rendition, self._run), item.data)
            return
        if self._zero is None and item.independent:
            self._zero = self._anchor(item)
        for segment in self._writers[rendition].add(item):
            self._complete(rendition, segment)

    def close(self) -> None:
        """Publishes the run's last, shorter segment where every rendition has it."""
        for name, writer in self._writers.items():
            if (last := writer.close()) is not None:
                self._complete(name, last)
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
        if self._shown:
            last = self._shown[-1]
            start = max(start, last.at + timedelta(seconds=last.duration))
        return start - _delta(first.start)

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
        line = SegmentLine(self._next, self._run, self._disc, self._time(group), pieces)
        run = RunLine(self._run, self._disc, tuple(map(self._variant, self._ladder.renditions)))
        first = self.published == 0
        journal.append(self._layout.journal, [run, line] if first else [line])
        self._next += 1
        self._shown.append(line)
        write_playlists(self._layout, tuple(self._shown), self._renditions, ended=False)
        if first:
            # Last, so that whoever finds it finds every rendition playable.
            write_atomically(self._layout.multivariant, playlist.multivariant(run.variants).encode())

    def _time(self, group: Mapping[str, Segment]) -> datetime:
        if self._zero is None:
            raise PackagerError("a segment without a keyframe")
        return self._zero + _delta(min(segment.start for segment in group.values()))

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

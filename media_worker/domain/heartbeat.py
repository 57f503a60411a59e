"""Renews a run's lease and writes its events, in a thread of its own: the database may be slow, the media may not."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Self

from django.db import DatabaseError, connection

from fitfriends.core import clock
from media_worker import signals
from media_worker.domain import runs
from media_worker.domain.claim import Claim
from media_worker.domain.samples import SampleLog
from media_worker.enums import RunState
from media_worker.ladder import Ladder
from media_worker.models import TranscodeRun
from media_worker.process.contract import RunControl, SignalReport
from media_worker.source import Source

_BEAT_SECONDS = 0.5
_LAST_WORDS_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Heartbeat:
    """Renews the lease twice a second and writes the run's events; is the run's `events`, and `control` its control.

    A worker that could not renew its lease in time counts itself as lost, because another may have taken the room.
    While the database is away it goes on for as long as `ours` says that none has.
    """

    def __init__(self, claim: Claim, *, lease_seconds: float, ours: Callable[[], bool]) -> None:
        self._claim = claim
        self._lease_seconds = lease_seconds
        self._ours = ours
        self._renewed_at = time.monotonic()
        self._control = RunControl.CONTINUE
        self._queue: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._samples = SampleLog(claim.run_id)
        # Of reports that could not be written in time only the newest counts.
        self._latest: SignalReport | None = None
        # Writes that must not get lost while the database is away, in order.
        self._owed: deque[Callable[[], object]] = deque()
        self._away = False
        self._thread = threading.Thread(target=self._run, name=f"heartbeat-{claim.run_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Writes what was reported before; gives it up after a few seconds."""
        self._samples.close()
        self._queue.put(None)
        self._thread.join(_LAST_WORDS_SECONDS)

    def control(self) -> RunControl:
        silent = time.monotonic() - self._renewed_at > self._lease_seconds
        if silent and not (self._away and self._ours()):
            self._control = RunControl.LOST
        return self._control

    def chosen(self, source: Source, ladder: Ladder) -> None:
        renditions: list[dict[str, str | int | float]] = [
            {
                "name": item.name,
                "width": item.width,
                "height": item.height,
                "fps": round(float(item.fps), 3),
                "bitrate": item.bitrate,
            }
            for item in ladder.renditions
        ]
        self._queue.put(lambda: runs.note_source(self._claim, source))
        self._queue.put(lambda: runs.note_renditions(self._claim, renditions, note=ladder.note, copied=ladder.copied))

    def playable(self) -> None:
        self._owed.append(lambda: runs.mark_playable(self._claim))
        self._queue.put(self._write_owed)

    def progress(self, report: SignalReport) -> None:
        self._samples.add(report)
        self._latest = report
        self._queue.put(self._write_report)

    def _run(self) -> None:
        try:
            while self._control is not RunControl.LOST:
                self._beat()
                more = self._write_queued(until=time.monotonic() + _BEAT_SECONDS)
                self._write(self._samples.write)
                if not more:
                    return
            # Whoever has the run now: the samples until here are ours to write.
            self._write(self._samples.write)
        finally:
            connection.close()

    def _beat(self) -> None:
        asked_at = time.monotonic()
        try:
            state = runs.beat(self._claim)
        except DatabaseError:
            _log.warning("run %s cannot renew its lease", self._claim.run_id, exc_info=not self._away)
            connection.close()
            self._away = True
            return
        if state is None:
            self._control = RunControl.LOST
        elif self.control() is not RunControl.LOST:
            self._renewed_at = asked_at
            self._control = RunControl.STOP if state is RunState.STOPPING else RunControl.CONTINUE
            if self._owed:
                self._queue.put(self._write_owed)
        self._away = False  # last: until the lease is renewed, it is being away that excuses the silence

    def _write_report(self) -> None:
        report, self._latest = self._latest, None
        if report is not None:
            record(self._claim, report)

    def _write_owed(self) -> None:
        while self._owed:
            self._owed[0]()
            self._owed.popleft()

    def _write_queued(self, *, until: float) -> bool:
        """Writes what is queued until then. False: the run is over."""
        while (left := until - time.monotonic()) > 0:
            try:
                write = self._queue.get(timeout=left)
            except queue.Empty:
                return True
            if write is None:
                return False
            self._write(write)
        return True

    def _write(self, write: Callable[[], object]) -> None:
        try:
            write()
        except DatabaseError:
            _log.warning("run %s could not write a report", self._claim.run_id, exc_info=not self._away)
            connection.close()


def record(claim: Claim, report: SignalReport) -> bool:
    """Stores the report and sends run_progress. False: another worker has the run by now."""
    pacing, loudness = report.pacing, report.loudness
    kept = claim.rows().update(
        width=report.width,
        height=report.height,
        fps=report.fps,
        bitrate=report.bitrate,
        video_codec=report.video_codec[:40],
        audio_codec=report.audio_codec[:40],
        keyframe_gap=report.keyframe_gap,
        speed=report.speed,
        passes=report.passthrough.safe,
        verdict=report.passthrough.reason[:300],
        profile=report.profile[:24],
        interlaced=report.interlaced,
        b_frames=pacing.b_frames,
        keyframe_longest=report.keyframe_longest,
        bitrate_low=report.bitrate_low,
        bitrate_high=report.bitrate_high,
        uneven=pacing.uneven,
        lost=pacing.lost,
        missing=pacing.missing,
        duplicated=report.duplicated,
        dropped=report.dropped,
        stutter=pacing.stutter,
        jumped=pacing.jumped,
        ingest_bitrate=report.ingest_bitrate,
        audio_bitrate=report.audio_bitrate,
        audio_channels=report.audio_channels,
        audio_rate=report.audio_rate,
        level=loudness.level,
        peak=loudness.peak,
        silent=loudness.silent,
        clipped=loudness.clipped,
        facts_at=clock.now(),
    )
    if kept:
        signals.announce(signals.run_progress, TranscodeRun.objects.get(pk=claim.run_id))
    return bool(kept)

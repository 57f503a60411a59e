"""A run's samples on their way to the database, and from there to charts."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from fitfriends.core import clock
from media_worker.domain.sampling import Sample, Sampler, joined
from media_worker.models import RunSample, TranscodeRun
from media_worker.process.contract import SignalReport

_log = logging.getLogger(__name__)
# An hour, while the database is away; of what is older, only the count is kept.
_MOST_WAITING = 360
_FORGET_BATCH = 200
_NAMES = tuple(item.name for item in fields(Sample))


class SampleLog:
    """Takes reports in the run's thread and writes in another: the packager never waits for the database."""

    def __init__(self, run_id: int, clock_: Callable[[], float] = time.monotonic) -> None:
        self._run_id = run_id
        self._clock = clock_
        self._sampler = Sampler(clock_())
        self._waiting: deque[RunSample] = deque()
        self._lock = threading.Lock()
        self._lost = 0

    def add(self, report: SignalReport) -> None:
        self._append(self._sampler.add(report, self._clock()))

    def close(self) -> None:
        """The last seconds become a sample, too."""
        self._append(self._sampler.rest())

    def write(self) -> None:
        """Writes what waits. Raises DatabaseError and keeps it then."""
        with self._lock:
            batch = list(self._waiting)
        if not batch:
            return
        # Whatever was written although its answer was lost is not written twice.
        RunSample.objects.bulk_create(batch, ignore_conflicts=True)
        written = {id(row) for row in batch}
        with self._lock:
            self._waiting = deque(row for row in self._waiting if id(row) not in written)
            lost, self._lost = self._lost, 0
        if lost:
            _log.warning("run %s lost %s samples while the database was away", self._run_id, lost)

    def _append(self, sample: Sample | None) -> None:
        if sample is None:
            return
        at = clock.now() - timedelta(seconds=sample.seconds)
        row = RunSample(run_id=self._run_id, at=at, **{name: getattr(sample, name) for name in _NAMES})
        with self._lock:
            self._waiting.append(row)
            if len(self._waiting) > _MOST_WAITING:
                self._waiting.popleft()
                self._lost += 1


@dataclass(frozen=True, slots=True)
class Point:
    """A step of a chart. Where nothing was measured, there is none."""

    at: datetime
    sample: Sample


def series(ref: str, *, since: datetime, until: datetime, step: int) -> list[Point]:
    """The room's signal from `since` on, folded to one point for `step` seconds, oldest first. One query."""
    rows = RunSample.objects.filter(run__ref=ref, at__gte=since, at__lt=until).order_by("at")
    return list(_folded(rows.values_list("at", *_NAMES).iterator(chunk_size=2000), step))


def _folded(rows: Iterator[tuple[object, ...]], step: int) -> Iterator[Point]:
    slot = 0
    group: list[Sample] = []
    for at, *values in rows:
        if not isinstance(at, datetime):
            continue
        here = int(at.timestamp()) // step
        if group and here != slot:
            yield _point(slot, step, joined(group))
            group = []
        slot = here
        group.append(Sample(*values))  # type: ignore[arg-type]  # the columns in the order of the fields
    if group:
        yield _point(slot, step, joined(group))


def _point(slot: int, step: int, sample: Sample) -> Point:
    return Point(clock.from_ms(slot * step * 1000), sample)


def forget_old(now: datetime) -> int:
    """Deletes the samples of runs that ended before the retention time. Repeatable. Returns how many went."""
    before = now - timedelta(days=settings.HEALTH_RETENTION_DAYS)
    kept = RunSample.objects.filter(run=OuterRef("pk"))
    old = TranscodeRun.objects.filter(Exists(kept), finished_at__lt=before).values_list("pk", flat=True)
    gone = 0
    while runs := list(old[:_FORGET_BATCH]):
        gone += RunSample.objects.filter(run__in=runs).delete()[0]
    return gone

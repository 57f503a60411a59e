"""The course of a class's signal, for charts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fitfriends.core import clock
from media_worker.domain import samples
from media_worker.domain.samples import Point
from media_worker.domain.sampling import SAMPLE_SECONDS
from streaming.models import Stream

LEAST_STEP = int(SAMPLE_SECONDS)
# An hour has 3,600 seconds and a screen a thousand columns: more points are not seen.
MOST_POINTS = 1000
_RECENTLY = timedelta(minutes=10)
_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Series:
    """`step` is at least what was asked for: more where there would be too many points."""

    since: datetime
    step: int
    points: list[Point]


def series(stream: Stream, *, since: datetime | None = None, step: int = LEAST_STEP) -> Series:
    """From `since` (by default the last ten minutes) on, at most a day long. One query."""
    now = clock.now()
    until = now if stream.ended_at is None else stream.ended_at + timedelta(minutes=1)
    begin = min(since or until - _RECENTLY, until)
    until = min(until, begin + _LONGEST)
    step = max(step, LEAST_STEP, -(-int((until - begin).total_seconds()) // MOST_POINTS))
    return Series(begin, step, samples.series(stream.room_id, since=begin, until=until, step=step))

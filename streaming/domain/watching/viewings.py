"""The rows that remember who watched, and for how long. Never where from.

Written behind: flush() brings to them what visit_log.py and heartbeats left in Redis.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Case, F, Q, Value, When

from accounts.models import User
from fitfriends.core import clock, redis
from streaming.domain.watching import visit_log
from streaming.domain.watching.visit_log import ViewingKey, Visit
from streaming.enums import Device, State
from streaming.models import Stream, Viewing

# heartbeats.py writes here: when each viewing was last heard, and what it watched since the flush.
HEARD = redis.key("watching", "heard")
WATCHED = redis.key("watching", "milliseconds")
_LONGEST_FLUSH = 30
_BATCH = 500


def close_all(stream: Stream) -> None:
    """The class is over: who had not left was there until they were last heard."""
    flush()
    Viewing.objects.filter(stream=stream, left_at=None).update(left_at=F("last_seen_at"))
    people = Viewing.objects.filter(stream=stream, user__isnull=False).values_list("user_id", flat=True)
    names = [visit_log.name(stream.pk, user_id) for user_id in people if user_id]
    for start in range(0, len(names), _BATCH):
        redis.client().hdel(HEARD, *names[start : start + _BATCH])


def flush() -> int:
    """Brings what happened since the last time to the rows; returns how many viewings that touched.

    One at a time. What a worker that died in the middle had taken is written by the next one.
    """
    with redis.alone("viewings", seconds=_LONGEST_FLUSH) as mine:
        if not mine:
            return 0
        visits = list(visit_log.read(redis.take(visit_log.KEY)))
        if visits:
            _write(visits)
            redis.taken(visit_log.KEY)
        watched = redis.take(WATCHED)
        if watched:
            _add(watched)
        return len({visit.viewer for visit in visits} | {visit_log.viewer(name) for name in watched})


def _write(known: list[Visit]) -> None:
    """Opens, continues and closes rows. Writing the same twice changes nothing."""
    known = _of_those_that_exist(known)
    if not known:
        return
    rows = [
        Viewing(
            stream_id=visit.viewer[0],
            user_id=visit.viewer[1],
            joined_at=visit.came,
            last_seen_at=visit.seen,
            left_at=visit.left,
            device=visit.device,
            country=visit.country,
        )
        for visit in known
        if visit.came
    ]
    Viewing.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["stream", "user"],
        update_fields=["last_seen_at", "left_at", "device", "country"],
    )
    _close({visit.viewer: visit for visit in known if not visit.came})
    # A join that was in time, written after its class ended.
    late = Viewing.objects.filter(stream__in={visit.viewer[0] for visit in known}, stream__state=State.ENDED)
    late.filter(left_at=None).update(left_at=F("last_seen_at"))


def _close(leaving: dict[ViewingKey, Visit]) -> None:
    rows = [row for row in _rows(leaving) if row.left_at is None]
    for row in rows:
        row.left_at = row.last_seen_at = leaving[row.stream_id, row.user_id or 0].seen
    Viewing.objects.bulk_update(rows, ["left_at", "last_seen_at"], batch_size=_BATCH)


def _add(watched: dict[str, str]) -> None:
    of = {visit_log.viewer(name): divmod(int(milliseconds), 1000) for name, milliseconds in watched.items()}
    _repair({viewer: seconds for viewer, (seconds, _) in of.items()})
    by_seconds: dict[int, list[int]] = defaultdict(list)
    pipeline = redis.client().pipeline()
    redis.taken(WATCHED, pipeline)
    for row in _rows(of):
        viewer = row.stream_id, row.user_id or 0
        seconds, rest = of[viewer]
        by_seconds[seconds].append(row.pk)
        pipeline.hincrby(WATCHED, visit_log.name(*viewer), rest)
    # Seconds watched before leaving still count.
    seen = Case(When(left_at=None, then=Value(clock.now())), default=F("last_seen_at"))
    for seconds, ids in by_seconds.items():
        for start in range(0, len(ids), _BATCH):
            rows = Viewing.objects.filter(pk__in=ids[start : start + _BATCH])
            rows.update(seconds_watched=F("seconds_watched") + seconds, last_seen_at=seen)
    pipeline.execute()


def _repair(seconds: dict[ViewingKey, int]) -> None:
    """Rows for those who are heard and of whose coming nothing is known: Redis lost its last second."""
    at = clock.now()
    lost = seconds.keys() - {(row.stream_id, row.user_id) for row in _rows(seconds)}
    came = {viewer: at - timedelta(seconds=seconds[viewer]) for viewer in lost}
    _write([Visit(viewer, came[viewer], at, left=None, device=Device.OTHER, country="") for viewer in lost])


def _rows(viewers: Iterable[ViewingKey]) -> list[Viewing]:
    by_stream: dict[int, list[int]] = defaultdict(list)
    for stream_id, user_id in viewers:
        by_stream[stream_id].append(user_id)
    wanted = Q()
    for stream_id, people in by_stream.items():
        wanted |= Q(stream=stream_id, user__in=people)
    return list(Viewing.objects.filter(wanted)) if wanted else []


def _of_those_that_exist(known: list[Visit]) -> list[Visit]:
    """A row that names a person or stream which is gone would keep all others from being written."""
    streams = set(Stream.objects.filter(pk__in={visit.viewer[0] for visit in known}).values_list("pk", flat=True))
    people = set(User.objects.filter(pk__in={visit.viewer[1] for visit in known}).values_list("pk", flat=True))
    return [visit for visit in known if visit.viewer[0] in streams and visit.viewer[1] in people]

"""The rows that remember who watched, and for how long. Never where from."""

from collections import defaultdict
from datetime import datetime
from typing import cast

from django.db.models import Case, F, Value, When

from fitfriends.core import clock, redis
from streaming.enums import Device
from streaming.models import Stream, Viewing

# Heartbeats write here (domain/heartbeats.py): when each viewing was last heard, and what it watched since the flush.
HEARD = redis.key("viewings", "heard")
WATCHED = redis.key("viewings", "watched")
_FLUSHING = redis.key("viewings", "flushing")
_LOCK = redis.key("viewings", "lock")
_LOCK_SECONDS = 30
_BATCH = 500


def open_for(stream: Stream, user_id: int, *, device: Device, country: str, at: datetime) -> int:
    """The person's one viewing of this stream, opened or continued, in one statement. Returns its id."""
    viewing = Viewing(stream=stream, user_id=user_id, joined_at=at, last_seen_at=at, device=device, country=country)
    Viewing.objects.bulk_create(
        [viewing],
        update_conflicts=True,
        unique_fields=["stream", "user"],
        update_fields=["last_seen_at", "left_at", "device", "country"],
    )
    return viewing.pk


def close(stream: Stream, user_id: int) -> None:
    """The person has left; an earlier leaving stays as it was."""
    now = clock.now()
    Viewing.objects.filter(stream=stream, user_id=user_id, left_at=None).update(left_at=now, last_seen_at=now)


def close_all(stream: Stream) -> None:
    """The class is over: whoever had not left was there until last heard."""
    still_open = Viewing.objects.filter(stream=stream, left_at=None)
    still_open.update(left_at=F("last_seen_at"))
    ids = [str(pk) for pk in Viewing.objects.filter(stream=stream).values_list("pk", flat=True)]
    for start in range(0, len(ids), _BATCH):
        redis.client().hdel(HEARD, *ids[start : start + _BATCH])


def flush() -> int:
    """Adds what was watched since the last time to the rows; returns how many viewings that were.

    One at a time. What a worker that died in the middle had taken is added by the next one.
    """
    client = redis.client()
    if not client.set(_LOCK, 1, nx=True, ex=_LOCK_SECONDS):
        return 0
    try:
        taken = _take()
        if taken:
            _add(taken)
        return len(taken)
    finally:
        client.delete(_LOCK)


def _take() -> dict[str, str]:
    client = redis.client()
    if not client.exists(_FLUSHING):
        if not client.exists(WATCHED):
            return {}
        client.rename(WATCHED, _FLUSHING)
    return cast("dict[str, str]", client.hgetall(_FLUSHING))


def _add(taken: dict[str, str]) -> None:
    by_seconds: dict[int, list[int]] = defaultdict(list)
    pipeline = redis.client().pipeline()
    pipeline.delete(_FLUSHING)
    for viewing, milliseconds in taken.items():
        seconds, rest = divmod(int(milliseconds), 1000)
        by_seconds[seconds].append(int(viewing))
        pipeline.hincrby(WATCHED, viewing, rest)
    # Whoever has left in the meantime has watched these seconds all the same.
    seen = Case(When(left_at=None, then=Value(clock.now())), default=F("last_seen_at"))
    for seconds, ids in by_seconds.items():
        for start in range(0, len(ids), _BATCH):
            rows = Viewing.objects.filter(pk__in=ids[start : start + _BATCH])
            rows.update(seconds_watched=F("seconds_watched") + seconds, last_seen_at=seen)
    pipeline.execute()

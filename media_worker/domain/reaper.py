"""Ends runs whose worker is silent, every two seconds; after an outage it waits for a lease before it judges.

While the database is away no lease can be renewed, and while the scheduler is away nobody looks. Every lease is over
afterwards: a reaper that acted on it would end every class that has outlived the outage.
"""

from datetime import datetime

from django.conf import settings
from django.db import connection

from fitfriends.core import redis
from media_worker.domain import runs

# Beat asks every two seconds; whoever was not asked for this long cannot say who was silent meanwhile.
_GAP_SECONDS = 5.0
_LAST = redis.key("reaper", "last")
_SINCE = redis.key("reaper", "since")


def reap(now: datetime) -> int:
    """Sends queued runs again, and ends silent ones once it has watched for a lease. Returns how many changed."""
    return runs.reap(now, leases=_has_watched_for_a_lease())


def _has_watched_for_a_lease() -> bool:
    """Only looks while the database answered count: only then could a lease have been renewed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    client = redis.client()
    seconds, micros = client.time()
    at = seconds + micros / 1_000_000
    last = client.getset(_LAST, at)
    if last is None or at - float(last) > _GAP_SECONDS:
        client.set(_SINCE, at)
    since = client.get(_SINCE)
    return since is not None and at - float(since) >= settings.RUN_LEASE_SECONDS

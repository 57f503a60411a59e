"""Who was silent counts only from when somebody has listened for as long as a lease."""

import pytest
from django.conf import settings

from fitfriends.core import clock, redis
from media_worker.domain import reaper
from media_worker.enums import RunState
from media_worker.models import TranscodeRun
from tests.media_worker.run_rows import fresh, held, silent, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(sent: object) -> TranscodeRun:
    """Held by a worker whose lease is over."""
    run = start()
    held(run)
    silent(run)
    return run


def watched(*, last: float, since: float) -> None:
    """The reaper looked last, and watches since, so many seconds ago."""
    seconds, micros = redis.client().time()
    at = seconds + micros / 1_000_000
    redis.client().set(redis.key("reaper", "last"), at - last)
    redis.client().set(redis.key("reaper", "since"), at - since)


def test_silent_worker_loses_its_run_where_the_reaper_watched(lost: TranscodeRun) -> None:
    watched(last=2, since=settings.RUN_LEASE_SECONDS)

    assert reaper.reap(clock.now()) == 1
    assert fresh(lost).state == RunState.FINISHED


def test_after_a_pause_of_its_own_the_reaper_listens_first(lost: TranscodeRun) -> None:
    watched(last=10, since=3600)

    assert reaper.reap(clock.now()) == 0
    assert reaper.reap(clock.now()) == 0
    assert fresh(lost).state == RunState.RUNNING

    watched(last=2, since=settings.RUN_LEASE_SECONDS)
    assert reaper.reap(clock.now()) == 1


def test_a_reaper_that_remembers_nothing_listens_first(lost: TranscodeRun) -> None:
    redis.client().delete(redis.key("reaper", "last"), redis.key("reaper", "since"))

    assert reaper.reap(clock.now()) == 0
    assert fresh(lost).state == RunState.RUNNING

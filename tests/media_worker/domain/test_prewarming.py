"""Runs that wait for their publisher: one a room, few at a time, bound before the first picture, in nobody's way."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from fitfriends.core import clock
from media_worker.domain import prewarming, runs
from media_worker.enums import RunReason, RunState
from media_worker.models import TranscodeRun
from tests.media_worker.run_rows import ENDED, ROOM, Commits, Sent, fresh, held

pytestmark = pytest.mark.django_db


def _soon() -> datetime:
    return clock.now() + timedelta(minutes=1)


def _expect(ref: str = ROOM, quality: str = "HD") -> TranscodeRun | None:
    return prewarming.expect(ref, source_url="rtmp://h/live/x", quality=quality, encoder="ben", until=_soon())


def _publish(client: str = "1", ref: str = ROOM, quality: str = "HD") -> TranscodeRun:
    return runs.start(ref, client_id=client, source_url="rtmp://h/live/x", quality=quality, encoder="ben")


def test_waiting_run_becomes_its_publishers(sent: Sent, commits: Commits) -> None:
    with commits():
        run = _expect()
    assert run is not None
    claim = held(run)

    with commits():
        bound = _publish()

    assert (bound.pk, bound.client_id, bound.state) == (run.pk, "1", RunState.RUNNING)
    assert sent == [("queued", run.pk)]
    assert runs.mark_playable(claim)
    assert _publish().pk == run.pk


def test_room_with_a_run_expects_nobody_else() -> None:
    assert _expect() is not None
    assert _expect() is None
    _publish("1", "room-anotherone")
    assert _expect("room-anotherone") is None


def test_only_so_many_wait_at_a_time(settings: Settings) -> None:
    settings.MEDIA_WAITING_MOST = 2
    assert [_expect(f"room-number{n}x") is not None for n in range(3)] == [True, True, False]


def test_run_that_waits_for_another_quality_is_replaced() -> None:
    run = _expect()
    assert run is not None
    held(run)

    other = _publish(quality="SD")

    assert other.pk != run.pk
    assert (fresh(run).state, fresh(run).reason) == (RunState.STOPPING, RunReason.UNUSED)


def test_stopping_run_is_bound_to_nobody() -> None:
    run = _expect()
    assert run is not None
    held(run)
    runs.request_stop(ROOM)

    assert _publish().pk != run.pk


def test_waiting_run_makes_room_for_one_with_a_publisher(sent: Sent) -> None:
    waits = _expect("room-waiting00")
    assert waits is not None
    held(waits)
    now = clock.now()
    runs.reap(now + timedelta(seconds=3))
    assert fresh(waits).state == RunState.RUNNING

    _publish("1", "room-publishes")
    runs.reap(now + timedelta(seconds=3))

    assert (fresh(waits).state, fresh(waits).reason) == (RunState.STOPPING, RunReason.UNUSED)


def test_unused_run_is_over_and_may_be_expected_again() -> None:
    run = _expect()
    assert run is not None
    runs.finish(held(run), ENDED)

    assert _expect() is not None

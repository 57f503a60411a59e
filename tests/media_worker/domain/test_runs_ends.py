"""A run's end in the database: who may end it, why, and who hears of it."""

from datetime import timedelta

import pytest

from fitfriends.core import clock
from media_worker import signals
from media_worker.domain import runs
from media_worker.enums import RunReason, RunState
from media_worker.process.contract import Outcome
from tests.media_worker.run_rows import ENDED, ROOM, Commits, Sent, fresh, held, silent, start

pytestmark = pytest.mark.django_db


def test_end_is_recorded_and_announced_once(sent: Sent, commits: Commits) -> None:
    run = start()
    claim = held(run)

    with commits():
        runs.finish(claim, Outcome(RunReason.NO_VIDEO, "Your encoder ...", -9, "last words"))
        assert runs.finish(claim, ENDED) is None

    kept = fresh(run)
    assert (kept.state, kept.reason, kept.note) == (RunState.FINISHED, RunReason.NO_VIDEO, "Your encoder ...")
    assert (kept.exit_code, kept.detail) == (-9, "last words")
    assert kept.finished_at is not None
    assert sent == [("finished", run.pk)]
    assert not runs.playable(ROOM)


def test_whoever_asked_for_the_end_names_the_reason() -> None:
    run = start()
    claim = held(run)
    runs.request_stop(ROOM)

    runs.finish(claim, Outcome(RunReason.FFMPEG_FAILED, exit_code=1))

    assert fresh(run).reason == RunReason.REQUESTED


def test_what_was_chosen_and_why_stays_in_the_note() -> None:
    run = start()
    claim = held(run)
    runs.note_renditions(claim, [{"name": "720p"}], note="The picture arrives at 3840x2160.")

    runs.finish(claim, ENDED)

    assert fresh(run).note == "The picture arrives at 3840x2160."
    assert fresh(run).renditions == [{"name": "720p"}]


def test_stop_ends_a_queued_run_at_once(sent: Sent, commits: Commits) -> None:
    run = start()

    with commits():
        assert runs.request_stop(ROOM) == 1
        assert runs.request_stop(ROOM) == 0

    assert fresh(run).reason == RunReason.REQUESTED
    assert sent.names() == ["finished"]


def test_stop_of_one_connection_leaves_the_other() -> None:
    first, second = start("1"), start("2")
    held(first)

    assert runs.request_stop(ROOM, client_id="1") == 1
    assert runs.request_stop(ROOM, client_id="1") == 0
    assert runs.request_stop(ROOM, client_id="unknown") == 0

    assert (fresh(first).state, fresh(second).state) == (RunState.STOPPING, RunState.QUEUED)


def test_close_stops_and_then_closes_the_playlists(sent: Sent, commits: Commits) -> None:
    run = start()
    held(run)

    with commits():
        runs.close(ROOM)

    assert fresh(run).state == RunState.STOPPING
    assert sent == [(f"close {ROOM}", 0)]


def test_orderly_shutdown_hands_its_runs_over() -> None:
    mine, other = start("1"), start("1", ref="room-otherone")
    claim = held(mine, "media@a")
    held(other, "media@b")

    assert runs.release("media@a") == 1

    assert runs.beat(claim) is RunState.STOPPING
    runs.finish(claim, Outcome(RunReason.REQUESTED))
    assert fresh(mine).reason == RunReason.WORKER_LOST
    assert fresh(other).state == RunState.RUNNING


def test_reaper_ends_what_a_silent_worker_held(sent: Sent, commits: Commits) -> None:
    lost, alive = start("1"), start("1", ref="room-otherone")
    held(lost)
    held(alive)
    silent(lost)

    with commits():
        assert runs.reap(clock.now()) == 1
        assert runs.reap(clock.now()) == 0

    assert fresh(lost).reason == RunReason.WORKER_LOST
    assert fresh(alive).state == RunState.RUNNING
    assert sent == [("finished", lost.pk)]


def test_reaper_sends_a_forgotten_run_again_and_gives_up_in_the_end(sent: Sent, commits: Commits) -> None:
    run = start()
    now = clock.now()

    with commits():
        runs.reap(now + timedelta(seconds=5))
        for round_number in range(1, 7):
            runs.reap(now + timedelta(seconds=20 * round_number))

    assert sent.names() == ["queued"] * 4 + ["finished"]
    assert fresh(run).reason == RunReason.NO_CAPACITY
    assert "busy" in fresh(run).note


def test_current_is_the_run_that_writes_before_the_one_that_waits() -> None:
    assert runs.current(ROOM) is None
    first, second = start("1"), start("2")
    assert runs.current(ROOM) == first
    claim = held(second)

    assert runs.current(ROOM) == second
    runs.finish(claim, ENDED)
    assert runs.current(ROOM) == first


def test_receiver_that_fails_disturbs_nobody(sent: Sent, commits: Commits, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("not today")

    claim = held(start())
    signals.run_finished.connect(fail)
    try:
        with commits():
            runs.finish(claim, ENDED)
    finally:
        signals.run_finished.disconnect(fail)

    assert sent.names() == ["finished"]
    assert "not today" in caplog.text


def test_a_worker_that_starts_again_ends_what_its_predecessor_held(sent: Sent, commits: Commits) -> None:
    lost, others = start(), start(ref="room-zzzzzzzz")
    held(lost, "media@a")
    held(others, "media@b")
    started_at = clock.now()
    own = start(ref="room-yyyyyyyy")
    held(own, "media@a")

    with commits():
        assert runs.reclaim("media@a", started_at=started_at) == 1

    assert (fresh(lost).state, fresh(lost).reason) == (RunState.FINISHED, RunReason.WORKER_LOST)
    assert {fresh(run).state for run in (others, own)} == {RunState.RUNNING}
    assert ("finished", lost.pk) in sent

"""A run's life in the database: who may take it, keep it, end it, and who hears of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from pytest_django import DjangoCaptureOnCommitCallbacks

from fitfriends.core import clock
from media_worker import signals, tasks
from media_worker.domain import runs
from media_worker.domain.runs import Hold
from media_worker.enums import RunReason, RunState
from media_worker.errors import RoomHeld
from media_worker.models import TranscodeRun
from media_worker.process.contract import Facts, Outcome

pytestmark = pytest.mark.django_db

ROOM = "room-abcdefgh"
FACTS = Facts(1280, 720, 30.0, 2_500_000, "H264", "AAC", 2.0, 1.0, 0)
ENDED = Outcome(RunReason.SOURCE_ENDED, exit_code=0)


class Sent(list[tuple[str, int]]):
    """What was put into the queue and announced, in order."""

    def names(self) -> list[str]:
        return [name for name, _ in self]


@pytest.fixture
def sent(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Sent]:
    """The broker and the receivers are at the border: here they only write down what reaches them."""
    found = Sent()
    monkeypatch.setattr(tasks.transcode, "apply_async", lambda args, expires: found.append(("queued", args[0])))
    monkeypatch.setattr(tasks.close_room, "delay", lambda ref: found.append((f"close {ref}", 0)))
    with _listening(signals.run_playable, "playable", found), _listening(signals.run_finished, "finished", found):
        yield found


@contextmanager
def _listening(signal: Signal, name: str, found: Sent) -> Iterator[None]:
    def hear(run: TranscodeRun, **_: object) -> None:
        found.append((name, run.pk))

    signal.connect(hear)
    yield
    signal.disconnect(hear)


@pytest.fixture
def commits(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[], AbstractContextManager[object]]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


Commits = Callable[[], AbstractContextManager[object]]


def _start(client: str = "1", ref: str = ROOM) -> TranscodeRun:
    return runs.start(ref, client_id=client, source_url="rtmp://127.0.0.1/live/in-x", quality="HD")


def _held(run: TranscodeRun, worker: str = "media@a") -> Hold:
    claimed = runs.claim(run.pk, worker=worker)
    assert claimed is not None
    return claimed[1]


def _silent(run: TranscodeRun) -> None:
    TranscodeRun.objects.filter(pk=run.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def _fresh(run: TranscodeRun) -> TranscodeRun:
    return TranscodeRun.objects.get(pk=run.pk)


def test_start_queues_after_commit_and_once_per_connection(sent: Sent, commits: Commits) -> None:
    with commits():
        first = _start()
        assert sent == []
    with commits():
        again = _start()

    assert again == first
    assert sent == [("queued", first.pk)]


def test_start_after_the_end_is_a_restart(sent: Sent) -> None:
    first = _start()
    runs.finish(_held(first), ENDED)

    second = _start()

    assert second != first
    assert (first.restarts, second.restarts) == (0, 1)


def test_unknown_quality_is_refused() -> None:
    with pytest.raises(ValueError, match="8K"):
        runs.start(ROOM, client_id="1", source_url="rtmp://x", quality="8K")


def test_claim_gives_the_run_to_one_worker() -> None:
    run = _start()

    claimed = runs.claim(run.pk, worker="media@a")

    assert claimed is not None
    assert claimed[0].state == RunState.RUNNING
    assert claimed[0].worker == "media@a"
    assert runs.claim(run.pk, worker="media@b") is None


def test_claim_of_what_is_over_gives_nothing() -> None:
    run = _start()
    runs.request_stop(ROOM)

    assert runs.claim(run.pk, worker="media@a") is None
    assert runs.claim(10**9, worker="media@a") is None


def test_successor_waits_for_its_predecessor() -> None:
    first, second = _start("1"), _start("2")
    hold = _held(first)

    with pytest.raises(RoomHeld):
        runs.claim(second.pk, worker="media@b")
    runs.request_stop(ROOM, client_id="1")
    with pytest.raises(RoomHeld):
        runs.claim(second.pk, worker="media@b")
    runs.finish(hold, ENDED)

    assert runs.claim(second.pk, worker="media@b") is not None


def test_successor_takes_over_from_a_silent_worker(sent: Sent, commits: Commits) -> None:
    first, second = _start("1"), _start("2")
    hold = _held(first)
    _silent(first)

    with commits():
        assert runs.claim(second.pk, worker="media@b") is not None

    assert _fresh(first).reason == RunReason.WORKER_LOST
    assert runs.beat(hold) is None
    assert sent == [("finished", first.pk)]


def test_rooms_do_not_wait_for_each_other() -> None:
    _held(_start("1"))

    assert runs.claim(_start("1", ref="room-otherone").pk, worker="media@a") is not None


def test_database_refuses_a_second_run_in_a_room() -> None:
    _held(_start("1"))
    second = _start("2")

    with pytest.raises(IntegrityError), transaction.atomic():
        TranscodeRun.objects.filter(pk=second.pk).update(state=RunState.STOPPING)


def test_beat_renews_the_lease_and_tells_of_a_stop() -> None:
    run = _start()
    hold = _held(run)
    before = _fresh(run).lease_until
    assert before is not None

    assert runs.beat(hold) is RunState.RUNNING
    runs.request_stop(ROOM)

    assert runs.beat(hold) is RunState.STOPPING
    after = _fresh(run).lease_until
    assert after is not None
    assert after > before


def test_foreign_token_holds_nothing(sent: Sent, commits: Commits) -> None:
    run = _start()
    _held(run)
    forged = Hold(run.pk, "0" * 32)

    with commits():
        assert runs.beat(forged) is None
        assert not runs.mark_playable(forged)
        assert not runs.record_progress(forged, FACTS)
        assert not runs.note_renditions(forged, [], note="x")
        assert runs.finish(forged, ENDED) is None

    assert _fresh(run).state == RunState.RUNNING
    assert sent == []


def test_queued_run_without_a_token_belongs_to_nobody() -> None:
    run = _start()

    assert runs.finish(Hold(run.pk, ""), ENDED) is None


def test_playable_is_announced_once(sent: Sent, commits: Commits) -> None:
    run = _start()
    hold = _held(run)
    assert not runs.playable(ROOM)

    with commits():
        assert runs.mark_playable(hold)
        assert not runs.mark_playable(hold)

    assert runs.playable(ROOM)
    assert sent == [("playable", run.pk)]


def test_progress_is_kept_for_the_studio() -> None:
    run = _start()

    assert runs.record_progress(_held(run), FACTS)

    kept = _fresh(run)
    assert (kept.width, kept.bitrate, kept.keyframe_gap, kept.audio_codec) == (1280, 2_500_000, 2.0, "AAC")
    assert kept.facts_at is not None


def test_end_is_recorded_and_announced_once(sent: Sent, commits: Commits) -> None:
    run = _start()
    hold = _held(run)

    with commits():
        runs.finish(hold, Outcome(RunReason.NO_VIDEO, "Your encoder ...", -9, "last words"))
        assert runs.finish(hold, ENDED) is None

    kept = _fresh(run)
    assert (kept.state, kept.reason, kept.note) == (RunState.FINISHED, RunReason.NO_VIDEO, "Your encoder ...")
    assert (kept.exit_code, kept.detail) == (-9, "last words")
    assert kept.finished_at is not None
    assert sent == [("finished", run.pk)]
    assert not runs.playable(ROOM)


def test_whoever_asked_for_the_end_names_the_reason() -> None:
    run = _start()
    hold = _held(run)
    runs.request_stop(ROOM)

    runs.finish(hold, Outcome(RunReason.FFMPEG_FAILED, exit_code=1))

    assert _fresh(run).reason == RunReason.REQUESTED


def test_what_was_chosen_and_why_stays_in_the_note() -> None:
    run = _start()
    hold = _held(run)
    runs.note_renditions(hold, [{"name": "720p"}], note="The picture arrives at 3840x2160.")

    runs.finish(hold, ENDED)

    assert _fresh(run).note == "The picture arrives at 3840x2160."
    assert _fresh(run).renditions == [{"name": "720p"}]


def test_stop_ends_a_queued_run_at_once(sent: Sent, commits: Commits) -> None:
    run = _start()

    with commits():
        assert runs.request_stop(ROOM) == 1
        assert runs.request_stop(ROOM) == 0

    assert _fresh(run).reason == RunReason.REQUESTED
    assert sent.names() == ["finished"]


def test_stop_of_one_connection_leaves_the_other() -> None:
    first, second = _start("1"), _start("2")
    _held(first)

    assert runs.request_stop(ROOM, client_id="1") == 1
    assert runs.request_stop(ROOM, client_id="1") == 0
    assert runs.request_stop(ROOM, client_id="unknown") == 0

    assert (_fresh(first).state, _fresh(second).state) == (RunState.STOPPING, RunState.QUEUED)


def test_close_stops_and_then_closes_the_playlists(sent: Sent, commits: Commits) -> None:
    run = _start()
    _held(run)

    with commits():
        runs.close(ROOM)

    assert _fresh(run).state == RunState.STOPPING
    assert sent == [(f"close {ROOM}", 0)]


def test_orderly_shutdown_hands_its_runs_over() -> None:
    mine, other = _start("1"), _start("1", ref="room-otherone")
    hold = _held(mine, "media@a")
    _held(other, "media@b")

    assert runs.release("media@a") == 1

    assert runs.beat(hold) is RunState.STOPPING
    runs.finish(hold, Outcome(RunReason.REQUESTED))
    assert _fresh(mine).reason == RunReason.WORKER_LOST
    assert _fresh(other).state == RunState.RUNNING


def test_reaper_ends_what_a_silent_worker_held(sent: Sent, commits: Commits) -> None:
    lost, alive = _start("1"), _start("1", ref="room-otherone")
    _held(lost)
    _held(alive)
    _silent(lost)

    with commits():
        assert runs.reap(clock.now()) == 1
        assert runs.reap(clock.now()) == 0

    assert _fresh(lost).reason == RunReason.WORKER_LOST
    assert _fresh(alive).state == RunState.RUNNING
    assert sent == [("finished", lost.pk)]


def test_reaper_sends_a_forgotten_run_again_and_gives_up_in_the_end(sent: Sent, commits: Commits) -> None:
    run = _start()
    now = clock.now()

    with commits():
        runs.reap(now + timedelta(seconds=5))
        for round_number in range(1, 7):
            runs.reap(now + timedelta(seconds=20 * round_number))

    assert sent.names() == ["queued"] * 4 + ["finished"]
    assert _fresh(run).reason == RunReason.NO_CAPACITY
    assert "busy" in _fresh(run).note


def test_current_is_the_run_that_writes_before_the_one_that_waits() -> None:
    assert runs.current(ROOM) is None
    first, second = _start("1"), _start("2")
    assert runs.current(ROOM) == first
    hold = _held(second)

    assert runs.current(ROOM) == second
    runs.finish(hold, ENDED)
    assert runs.current(ROOM) == first


def test_receiver_that_fails_disturbs_nobody(sent: Sent, commits: Commits, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("not today")

    hold = _held(_start())
    signals.run_finished.connect(fail)
    try:
        with commits():
            runs.finish(hold, ENDED)
    finally:
        signals.run_finished.disconnect(fail)

    assert sent.names() == ["finished"]
    assert "not today" in caplog.text

"""A run's life in the database: who may take it and keep it."""

import pytest
from django.db import IntegrityError, transaction

from media_worker.domain import heartbeat, runs
from media_worker.domain.claim import Claim
from media_worker.enums import RunReason, RunState
from media_worker.errors import RoomHeld
from media_worker.models import TranscodeRun
from tests.media_worker.run_rows import ENDED, REPORT, ROOM, Commits, Sent, fresh, held, silent, start

pytestmark = pytest.mark.django_db


def test_start_queues_after_commit_and_once_per_connection(sent: Sent, commits: Commits) -> None:
    with commits():
        first = start()
        assert sent == []
    with commits():
        again = start()

    assert again == first
    assert sent == [("queued", first.pk)]


def test_start_after_the_end_is_a_restart(sent: Sent) -> None:
    first = start()
    runs.finish(held(first), ENDED)

    second = start()

    assert second != first
    assert (first.restarts, second.restarts) == (0, 1)


def test_unknown_quality_is_refused() -> None:
    with pytest.raises(ValueError, match="8K"):
        runs.start(ROOM, client_id="1", source_url="rtmp://x", quality="8K")


def test_claim_gives_the_run_to_one_worker() -> None:
    run = start()

    claimed = runs.claim(run.pk, worker="media@a")

    assert claimed is not None
    assert claimed[0].state == RunState.RUNNING
    assert claimed[0].worker == "media@a"
    assert runs.claim(run.pk, worker="media@b") is None


def test_claim_of_what_is_over_gives_nothing() -> None:
    run = start()
    runs.request_stop(ROOM)

    assert runs.claim(run.pk, worker="media@a") is None
    assert runs.claim(10**9, worker="media@a") is None


def test_successor_waits_for_its_predecessor() -> None:
    first, second = start("1"), start("2")
    claim = held(first)

    with pytest.raises(RoomHeld):
        runs.claim(second.pk, worker="media@b")
    runs.request_stop(ROOM, client_id="1")
    with pytest.raises(RoomHeld):
        runs.claim(second.pk, worker="media@b")
    runs.finish(claim, ENDED)

    assert runs.claim(second.pk, worker="media@b") is not None


def test_successor_takes_over_from_a_silent_worker(sent: Sent, commits: Commits) -> None:
    first, second = start("1"), start("2")
    claim = held(first)
    silent(first)

    with commits():
        assert runs.claim(second.pk, worker="media@b") is not None

    assert fresh(first).reason == RunReason.WORKER_LOST
    assert runs.beat(claim) is None
    assert sent == [("finished", first.pk)]


def test_rooms_do_not_wait_for_each_other() -> None:
    held(start("1"))

    assert runs.claim(start("1", ref="room-otherone").pk, worker="media@a") is not None


def test_database_refuses_a_second_run_in_a_room() -> None:
    held(start("1"))
    second = start("2")

    with pytest.raises(IntegrityError), transaction.atomic():
        TranscodeRun.objects.filter(pk=second.pk).update(state=RunState.STOPPING)


def test_beat_renews_the_lease_and_tells_of_a_stop() -> None:
    run = start()
    claim = held(run)
    before = fresh(run).lease_until
    assert before is not None

    assert runs.beat(claim) is RunState.RUNNING
    runs.request_stop(ROOM)

    assert runs.beat(claim) is RunState.STOPPING
    after = fresh(run).lease_until
    assert after is not None
    assert after > before


def test_foreign_token_holds_nothing(sent: Sent, commits: Commits) -> None:
    run = start()
    held(run)
    forged = Claim(run.pk, "0" * 32)

    with commits():
        assert runs.beat(forged) is None
        assert not runs.mark_playable(forged)
        assert not heartbeat.record(forged, REPORT)
        assert not runs.note_renditions(forged, [], note="x")
        assert runs.finish(forged, ENDED) is None

    assert fresh(run).state == RunState.RUNNING
    assert sent == []


def test_queued_run_without_a_token_belongs_to_nobody() -> None:
    run = start()

    assert runs.finish(Claim(run.pk, ""), ENDED) is None


def test_playable_is_announced_once(sent: Sent, commits: Commits) -> None:
    run = start()
    claim = held(run)
    assert not runs.playable(ROOM)

    with commits():
        assert runs.mark_playable(claim)
        assert not runs.mark_playable(claim)

    assert runs.playable(ROOM)
    assert sent == [("playable", run.pk)]


def test_progress_is_kept_for_the_studio() -> None:
    run = start()

    assert heartbeat.record(held(run), REPORT)

    kept = fresh(run)
    assert (kept.width, kept.bitrate, kept.keyframe_gap, kept.audio_codec) == (1280, 2_500_000, 2.0, "AAC")
    assert kept.facts_at is not None

"""The whole worker below the broker: a run in the database, a real ffmpeg, files on disk."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from fitfriends.celery import app as celery_app
from fitfriends.core import clock
from media_worker.domain import room_files, runs, transcoding
from media_worker.domain.claim import Claim
from media_worker.domain.heartbeat import Heartbeat
from media_worker.enums import RunReason, RunState
from media_worker.errors import RoomHeld
from media_worker.layout import RoomLayout
from media_worker.models import RunSample, TranscodeRun
from media_worker.packager import journal
from media_worker.process.contract import RunControl
from media_worker.process.ownership import Ownership
from tests.media_worker import sources
from tests.media_worker.run_rows import silent

ROOM = "room-abcdefgh"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sources.make(tmp_path_factory.mktemp("clip") / "sd.mp4", seconds=8)


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HLS_ROOT = str(tmp_path / "hls")
    settings.RTMP_STAT_URL = ""
    settings.RUN_LEASE_SECONDS = 3
    # No broker here: the tests carry the runs themselves.
    monkeypatch.setattr(celery_app, "send_task", lambda *_args, **_words: None)


def _start(source: Path, client: str = "1") -> TranscodeRun:
    return runs.start(ROOM, client_id=client, source_url=str(source), quality="Auto")


class Worker:
    """Carries runs beside the test, as a worker process would."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def take(self, run: TranscodeRun, name: str = "media@a") -> threading.Thread:
        def work() -> None:
            try:
                transcoding.carry(run.pk, worker=name)
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        self.threads.append(thread)
        return thread


@pytest.fixture
def worker() -> Iterator[Worker]:
    found = Worker()
    yield found
    TranscodeRun.objects.update(lease_until=clock.now() - timedelta(days=1))
    runs.reap(clock.now())
    for thread in found.threads:
        thread.join(15)
        assert not thread.is_alive()


def _soon(condition: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def _fresh(run: TranscodeRun) -> TranscodeRun:
    return TranscodeRun.objects.get(pk=run.pk)


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_run_is_carried_until_somebody_asks_for_the_end(clip: Path, worker: Worker) -> None:
    run = _start(clip)
    thread = worker.take(run)
    _soon(lambda: runs.playable(ROOM))
    _soon(lambda: _fresh(run).keyframe_gap == 2.0)

    asked = time.monotonic()
    runs.request_stop(ROOM)
    thread.join(10)

    assert time.monotonic() - asked < 4
    kept = _fresh(run)
    assert (kept.state, kept.reason) == (RunState.FINISHED, RunReason.REQUESTED)
    assert (kept.video_codec, kept.width, [item["name"] for item in kept.renditions]) == ("H264", 640, ["480p"])
    assert not runs.playable(ROOM)
    samples = list(RunSample.objects.filter(run=run))
    assert samples
    assert all(sample.bitrate and sample.fps for sample in samples)
    assert kept.claimed_at is not None
    assert all(kept.claimed_at < sample.at < clock.now() for sample in samples)


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_run_outlives_its_connections_to_the_database(clip: Path, worker: Worker) -> None:
    run = _start(clip)
    thread = worker.take(run)
    _soon(lambda: runs.playable(ROOM))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 2  # the worker's own and its heartbeat's
    runs.request_stop(ROOM)
    thread.join(10)

    assert (_fresh(run).state, _fresh(run).reason) == (RunState.FINISHED, RunReason.REQUESTED)


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hours", [-1, 1])
def test_host_whose_clock_is_wrong_keeps_its_run_and_no_longer_than_others(
    clip: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + timedelta(hours=hours))
    run = _start(clip)
    worker.take(run)
    _soon(lambda: runs.playable(ROOM))
    monkeypatch.undo()

    assert runs.reap(right()) == 0
    assert _fresh(run).state == RunState.RUNNING
    lease = _fresh(run).lease_until
    assert lease is not None
    assert abs(lease - right()) < timedelta(minutes=1)


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_worker_that_lost_its_run_stops_and_its_successor_continues(clip: Path, worker: Worker) -> None:
    first, second = _start(clip, "1"), _start(clip, "2")
    lost = worker.take(first)
    _soon(lambda: runs.playable(ROOM))

    TranscodeRun.objects.filter(pk=first.pk).update(token="somebody else's")
    lost.join(3)
    assert not lost.is_alive()
    silent(first)
    assert runs.reap(clock.now()) == 1
    worker.take(second, "media@b")
    _soon(lambda: runs.playable(ROOM))

    assert _fresh(first).reason == RunReason.WORKER_LOST
    found = journal.read(room_files.room_layout(ROOM).journal).segments
    assert {line.run for line in found} == {first.pk, second.pk}
    assert [line.msn for line in found] == list(range(len(found)))


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_successor_begins_when_its_predecessor_is_over(clip: Path, worker: Worker) -> None:
    first, second = _start(clip, "1"), _start(clip, "2")
    worker.take(first)
    _soon(lambda: runs.playable(ROOM))
    worker.take(second, "media@b")
    time.sleep(0.5)
    assert _fresh(second).state == RunState.QUEUED

    runs.request_stop(ROOM, client_id="1")
    _soon(lambda: _fresh(second).state == RunState.RUNNING)

    assert _fresh(first).state == RunState.FINISHED


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_source_without_video_is_refused_with_a_reason(clip: Path, settings: Settings) -> None:
    settings.NO_VIDEO_SECONDS = 2
    run = _start(sources.sound_of(clip))

    transcoding.carry(run.pk, worker="media@a")

    assert _fresh(run).reason == RunReason.NO_VIDEO
    assert "H.264" in _fresh(run).note


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_disk_that_cannot_be_written_ends_the_run(clip: Path, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "hls").touch()  # a file where the folder should be
    run = _start(clip)

    transcoding.carry(run.pk, worker="media@a")

    assert _fresh(run).reason == RunReason.HOST_FAILED
    assert "Tell whoever runs it" in _fresh(run).note
    assert _fresh(run).detail


@pytest.mark.django_db(transaction=True)
def test_database_that_is_away_ends_no_run_until_another_takes_its_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def away(_hold: Claim) -> RunState:
        raise OperationalError("gone")

    monkeypatch.setattr(runs, "beat", away)
    layout = RoomLayout(tmp_path, ROOM)
    with (
        Ownership(layout, run=1) as first,
        Heartbeat(Claim(1, "x"), lease_seconds=0.4, ours=lambda: first.ours) as heartbeat,
    ):
        time.sleep(0.5)
        assert heartbeat.control() is RunControl.CONTINUE

        with Ownership(layout, run=2):
            assert heartbeat.control() is RunControl.LOST
    monkeypatch.undo()
    assert heartbeat.control() is RunControl.LOST


@pytest.mark.django_db(transaction=True)
def test_run_goes_on_when_the_database_is_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    back = threading.Event()

    def beat(_hold: Claim) -> RunState:
        if not back.is_set():
            raise OperationalError("gone")
        return RunState.RUNNING

    monkeypatch.setattr(runs, "beat", beat)
    with (
        Ownership(RoomLayout(tmp_path, ROOM), run=1) as owned,
        Heartbeat(Claim(1, "x"), lease_seconds=1.0, ours=lambda: owned.ours) as heartbeat,
    ):
        time.sleep(1.2)
        back.set()
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            assert heartbeat.control() is RunControl.CONTINUE
            time.sleep(0.02)


def test_room_is_entered_when_its_predecessor_has_left(tmp_path: Path) -> None:
    layout = RoomLayout(tmp_path, ROOM)
    entered: list[str] = []

    def succeed() -> None:
        with Ownership(layout, run=2):
            entered.append("second")

    with Ownership(layout, run=1) as first:
        successor = threading.Thread(target=succeed)
        successor.start()
        _soon(lambda: not first.ours)
        entered.append("first")
    successor.join(5)

    assert entered == ["first", "second"]


@pytest.mark.django_db
def test_room_is_closed_only_when_nobody_writes_it(clip: Path) -> None:
    run = _start(clip)
    with pytest.raises(RoomHeld):
        room_files.close_room(ROOM)

    runs.request_stop(ROOM)

    assert not room_files.close_room(ROOM)
    assert _fresh(run).state == RunState.FINISHED


@pytest.mark.django_db
def test_old_rooms_are_forgotten_unless_a_run_is_open(clip: Path, settings: Settings) -> None:
    settings.RECORDING_RETENTION_DAYS = 7
    layout = room_files.room_layout(ROOM)
    layout.rendition("480p").mkdir(parents=True)
    layout.ended.write_text((clock.now() - timedelta(days=8)).isoformat())
    _start(clip)

    assert room_files.forget_old(clock.now()) == 0
    runs.request_stop(ROOM)
    assert room_files.forget_old(clock.now()) == 1
    assert not layout.folder.exists()

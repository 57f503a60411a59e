"""Samples of a run's signal: folded, written, read for charts, forgotten."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError
from pytest_django import Settings

from fitfriends.core import clock
from media_worker import tasks
from media_worker.domain import heartbeat, samples
from media_worker.domain.samples import SampleLog
from media_worker.domain.sampling import Sample, Sampler, mean_level
from media_worker.ffmpeg.loudness import Loudness
from media_worker.models import RunSample, TranscodeRun
from media_worker.packager.frame_pacing import FramePacing
from media_worker.process.contract import SignalReport
from tests.media_worker.run_rows import REPORT, ROOM, fresh, held, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _facts(bitrate: int = 2_000_000, *, fps: float = 30, lost: int = 0, level: float | None = -20) -> SignalReport:
    return replace(REPORT, bitrate=bitrate, fps=fps, pacing=FramePacing(lost=lost), loudness=Loudness(level, -6))


def _ten_seconds(log: SampleLog, seconds: Clock, bitrate: int = 2_000_000) -> None:
    for _ in range(10):
        seconds.now += 1
        log.add(_facts(bitrate))


def _rows(run: TranscodeRun, count: int, *, every: int = 10) -> None:
    """Ends now."""
    begin = clock.now() - timedelta(seconds=count * every)
    RunSample.objects.bulk_create(
        RunSample(
            run=run, at=begin + timedelta(seconds=every * n), seconds=every, bitrate=1000 + n, level=-20, lost=1
        )
        for n in range(count)
    )


def test_facts_of_ten_seconds_are_a_sample() -> None:
    sampler = Sampler(100.0)
    told = [sampler.add(_facts(1_000_000 + n, fps=20 + n, lost=n), 101.0 + n) for n in range(10)]

    assert told[:9] == [None] * 9
    found = told[9]
    assert isinstance(found, Sample)
    assert (found.seconds, found.lost, found.level, found.peak) == (10.0, 9, -20.0, -6)
    assert (found.bitrate, found.bitrate_low, found.bitrate_high) == (1_000_004, 1_000_000, 1_000_009)
    assert (found.fps, found.fps_low) == (24.5, 20)


def test_counts_are_of_the_sample_alone_and_survive_a_new_beginning() -> None:
    sampler = Sampler(0.0)
    lost = [sampler.add(_facts(lost=count), at) for count, at in ((5, 10.0), (7, 20.0), (3, 30.0))]

    assert [item.lost for item in lost if item] == [5, 2, 3]


def test_rest_of_a_run_is_a_shorter_sample() -> None:
    sampler = Sampler(0.0)
    assert sampler.rest() is None
    sampler.add(_facts(), 4.0)

    found = sampler.rest()

    assert found is not None
    assert found.seconds == 4.0
    assert sampler.rest() is None


def test_mean_of_levels_is_one_of_powers() -> None:
    assert mean_level([-10, -120, None]) == -13.0
    assert mean_level([None]) is None


def test_samples_are_written_once() -> None:
    run, seconds = start(), Clock()
    log = SampleLog(run.pk, seconds)
    for _ in range(3):
        _ten_seconds(log, seconds)
    log.write()
    log.write()
    log.add(_facts())
    seconds.now += 2
    log.add(_facts())
    log.close()
    log.write()

    kept = list(RunSample.objects.filter(run=run).order_by("at"))
    assert [row.seconds for row in kept] == [10.0, 10.0, 10.0, 2.0]
    assert all(row.at.tzinfo is not None for row in kept)


def test_samples_wait_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    run, seconds = start(), Clock()
    log = SampleLog(run.pk, seconds)
    _ten_seconds(log, seconds)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(RunSample.objects, "bulk_create", away)
        with pytest.raises(OperationalError):
            log.write()
    _ten_seconds(log, seconds)
    assert not RunSample.objects.exists()

    log.write()
    assert RunSample.objects.filter(run=run).count() == 2


def test_what_had_to_be_left_out_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(samples, "_MOST_WAITING", 2)
    run, seconds = start(), Clock()
    log = SampleLog(run.pk, seconds)
    for bitrate in (1, 2, 3, 4, 5):
        _ten_seconds(log, seconds, bitrate)

    with caplog.at_level(logging.WARNING):
        log.write()

    assert set(RunSample.objects.values_list("bitrate", flat=True)) == {4, 5}
    assert "lost 3 samples" in caplog.text


def test_batch_that_is_written_twice_is_there_once() -> None:
    """Its answer may be lost on the way."""
    run, seconds = start(), Clock()
    log = SampleLog(run.pk, seconds)
    _ten_seconds(log, seconds)
    again = list(log._waiting)
    log.write()
    log._waiting.extend(again)
    log.write()

    assert RunSample.objects.count() == 1


def test_series_has_a_point_for_each_step() -> None:
    run = start()
    _rows(run, 60)
    now = clock.now()
    since = now - timedelta(minutes=11)

    fine = samples.series(ROOM, since=since, until=now, step=10)
    coarse = samples.series(ROOM, since=since, until=now, step=120)

    assert len(fine) == 60
    assert [point.at for point in fine] == sorted({point.at for point in fine})
    assert len(coarse) in {5, 6}
    assert all(point.at.timestamp() % 120 == 0 for point in coarse)
    assert sum(point.sample.lost for point in coarse) == 60
    assert (coarse[0].sample.bitrate_low, coarse[0].sample.level) == (0, -20.0)
    assert fine[0].sample.bitrate <= coarse[0].sample.bitrate <= coarse[-1].sample.bitrate


def test_point_weighs_its_samples_by_their_length() -> None:
    run, now = start(), clock.now()
    begin = now.replace(second=0, microsecond=0) - timedelta(minutes=5)
    for offset, seconds, level in ((0, 30, -10.0), (30, 10, -10.0), (40, 10, -40.0)):
        RunSample.objects.create(
            run=run, at=begin + timedelta(seconds=offset), seconds=seconds, bitrate=seconds, fps=30, level=level
        )

    (point,) = samples.series(ROOM, since=begin, until=now, step=60)

    assert (point.at, point.sample.seconds, point.sample.bitrate, point.sample.fps) == (begin, 50.0, 22, 30.0)
    assert point.sample.level == pytest.approx(-11.8, abs=0.1)


def test_series_is_of_one_room_and_its_time() -> None:
    _rows(start(), 30)
    _rows(start("2", "room-anotherone"), 30)
    now = clock.now()

    assert len(samples.series(ROOM, since=now - timedelta(seconds=105), until=now, step=10)) == 10
    assert samples.series("room-nobodyhere", since=now - timedelta(hours=1), until=now, step=10) == []


def test_series_of_eight_hours_is_one_query(django_assert_max_num_queries: object) -> None:
    run = start()
    _rows(run, 2880)
    now = clock.now()

    with django_assert_max_num_queries(1):  # type: ignore[operator]
        points = samples.series(ROOM, since=now - timedelta(hours=9), until=now, step=60)

    assert len(points) in {480, 481}


def test_samples_of_runs_that_ended_long_ago_are_forgotten(settings: Settings) -> None:
    settings.HEALTH_RETENTION_DAYS = 30
    old, recent, running = start("1", "room-oldoldold"), start("1", "room-recently0"), start()
    for run in (old, recent, running):
        _rows(run, 3)
    long_ago = clock.now() - timedelta(days=31)
    TranscodeRun.objects.filter(pk=old.pk).update(finished_at=long_ago, state="finished")
    TranscodeRun.objects.filter(pk=recent.pk).update(finished_at=clock.now(), state="finished")

    tasks.retention()

    kept = set(RunSample.objects.values_list("run", flat=True))
    assert kept == {recent.pk, running.pk}
    assert TranscodeRun.objects.filter(pk=old.pk).exists()
    assert samples.forget_old(clock.now()) == 0


def test_latest_facts_are_in_the_runs_row() -> None:
    run = start()
    claim = held(run)
    facts = replace(
        _facts(),
        profile="High 3.1",
        interlaced=False,
        pacing=FramePacing(b_frames=True, lost=3, missing=0.01, stutter=0.4, jumped=1),
        audio_channels=2,
    )

    assert heartbeat.record(claim, facts)

    kept = fresh(run)
    assert (kept.profile, kept.interlaced, kept.b_frames, kept.lost, kept.jumped) == ("High 3.1", False, True, 3, 1)
    assert (kept.level, kept.peak, kept.audio_channels) == (-20.0, -6.0, 2)
    assert not heartbeat.record(replace(claim, token="other"), facts)

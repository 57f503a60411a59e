"""When a publisher may come any moment, a run waits for it."""

from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from fitfriends.core import clock
from media_worker.enums import RunState
from media_worker.models import TranscodeRun
from media_worker.signals import run_finished, run_playable
from streaming.domain import lifecycle, runs, timers
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def _waiting(stream: Stream) -> list[str]:
    rows = TranscodeRun.objects.filter(ref=stream.room_id).order_by("pk")
    return list(rows.values_list("client_id", flat=True))


def _begins(stream: Stream, minutes: int) -> None:
    stream.group_session.starts_at = clock.now() + timedelta(minutes=minutes)
    stream.group_session.save()


@pytest.mark.parametrize(("minutes", "found"), [(60, []), (9, [""]), (-9, [""]), (-11, [])])
def test_run_waits_around_the_scheduled_start(cast: Cast, minutes: int, found: list[str]) -> None:
    stream = make_stream(cast.session)
    _begins(stream, minutes)

    timers.keep()
    timers.keep()

    assert _waiting(stream) == found


def test_run_waits_when_the_doors_open_and_becomes_the_publishers(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stream = make_stream(cast.session)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.start(stream, actor=cast.ben)
    assert _waiting(stream) == [""]

    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.publish(stream, client_id="7")

    assert _waiting(stream) == ["7"]


def test_run_waits_while_a_class_is_held(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stream = make_stream(cast.session, State.LIVE, ingest_client_id="1")
    runs.begin(stream)

    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.signal_lost(stream, client_id="1")

    assert _waiting(stream) == ["1", ""]


def test_doors_open_for_long_make_nothing_wait(cast: Cast, settings: Settings) -> None:
    settings.MEDIA_WAIT_MINUTES = 10
    late = clock.now() - timedelta(minutes=11)
    stream = make_stream(cast.session, State.STARTING, state_changed_at=late)

    timers.keep()

    assert _waiting(stream) == []


def test_what_a_waiting_run_reports_is_no_publishers(cast: Cast) -> None:
    stream = make_stream(cast.session, State.STARTING)
    run = TranscodeRun.objects.create(ref=stream.room_id, source_url="x", state=RunState.RUNNING)

    for signal in (run_playable, run_finished):
        for _, reply in signal.send_robust(sender=TranscodeRun, run=run):
            assert not isinstance(reply, Exception), reply

    stream.refresh_from_db()
    assert (stream.state, stream.has_picture) == (State.STARTING, False)

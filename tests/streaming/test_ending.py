"""What an ended stream leaves behind, and what time brings."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from fitfriends.core import clock, redis
from media_worker.domain import runs
from media_worker.enums import RunReason, RunState
from media_worker.models import TranscodeRun
from streaming.domain import cleanup, lifecycle, queries, timers
from streaming.domain.ingest import publishing
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import presence, viewer_slots
from streaming.domain.watching.client_info import ClientInfo
from streaming.domain.watching.playback import join
from streaming.enums import Device, EndReason, State
from streaming.models import Stream, Viewing
from tests.cast import Cast, make_session
from tests.streaming.entering import claim
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def watch(cast: Cast, stream: Stream) -> None:
    seen = queries.by_id(cast.cleo, stream.pk)
    join(cast.cleo, seen, stamp=redis_clock.now(), client=ClientInfo(Device.OTHER, "", site=False, device=""))


def test_the_end_takes_everything_away(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    stream = make_stream(cast.session, State.LIVE)
    runs.start(stream.room_id, client_id="1", source_url="rtmp://x/live/in", quality="HD")
    watch(cast, stream)
    issued = redis_clock.now()

    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.end(stream, actor=cast.ben)

    stream.refresh_from_db()
    viewing, run = Viewing.objects.get(), TranscodeRun.objects.get()
    assert (stream.state, stream.ingest_client_id) == (State.ENDED, "")
    assert stream.tidied_at is not None
    assert viewing.left_at == viewing.last_seen_at
    assert (viewer_slots.taken(stream.room_id), presence.viewer_count(stream.room_id)) == (0, 0)
    assert (run.state, run.reason) == (RunState.FINISHED, RunReason.REQUESTED)
    assert int(redis.client().zscore(redis.key("revoked"), f"{stream.room_id}:0") or 0) > issued


def test_a_tidying_that_was_cut_short_is_done_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = make_stream(cast.session, State.ENDED, ended_at=clock.now() - timedelta(minutes=5))
    claim(stream.room_id, cast.cleo.pk, slots=5)

    timers.keep()

    stream.refresh_from_db()
    assert stream.tidied_at is not None
    assert viewer_slots.taken(stream.room_id) == 0
    tidied: list[Stream] = []
    monkeypatch.setattr(cleanup, "tidy", tidied.append)
    timers.keep()
    assert tidied == []


def over(cast: Cast, state: State, *, late: timedelta) -> Stream:
    margin = timedelta(minutes=settings.HARD_STOP_MARGIN_MINUTES)
    starts = clock.now() - margin - timedelta(minutes=45) - late
    return make_stream(make_session(cast.club, cast.ben, starts_at=starts), state)


@pytest.mark.parametrize("state", [state for state in State if state != State.ENDED])
def test_the_hard_stop(cast: Cast, state: State) -> None:
    gone = over(cast, state, late=timedelta(seconds=1))
    inside = over(cast, state, late=-timedelta(seconds=30))

    timers.keep()

    gone.refresh_from_db()
    inside.refresh_from_db()
    assert (gone.state, gone.end_reason) == (State.ENDED, EndReason.OVERTIME)
    assert inside.state == state


def test_the_reconnect_window(cast: Cast) -> None:
    closed = make_stream(cast.session, State.INTERRUPTED, reconnect_until=clock.now() - timedelta(seconds=1))
    running = make_stream(make_session(cast.club, cast.ben), State.INTERRUPTED)

    timers.keep()

    closed.refresh_from_db()
    running.refresh_from_db()
    assert (closed.state, closed.end_reason, running.state) == (
        State.ENDED,
        EndReason.SIGNAL_LOST,
        State.INTERRUPTED,
    )


def test_a_publisher_who_fell_silent_is_gone(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    timers.keep()  # nobody has heard it yet: its time starts now
    stream.refresh_from_db()
    assert stream.state == State.LIVE

    earlier = clock.to_ms(clock.now()) - (publishing.SILENCE_SECONDS + 1) * 1000
    redis.client().hset(redis.key("ingest", "heard"), str(stream.pk), earlier)
    timers.keep()

    stream.refresh_from_db()
    assert (stream.state, stream.ingest_client_id) == (State.INTERRUPTED, "")


def test_one_poisoned_row_keeps_none_of_the_others_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    past = {"reconnect_until": clock.now() - timedelta(seconds=1)}
    poisoned = make_stream(cast.session, State.INTERRUPTED, **past)
    good = make_stream(make_session(cast.club, cast.ben), State.INTERRUPTED, **past)
    close = lifecycle.close_window

    def fail_for_one(stream: Stream) -> Stream:
        if stream.pk == poisoned.pk:
            raise RuntimeError("poison")
        return close(stream)

    monkeypatch.setattr(lifecycle, "close_window", fail_for_one)

    timers.keep()

    good.refresh_from_db()
    assert good.state == State.ENDED
    assert f"keeping time failed for stream {poisoned.pk}" in caplog.text

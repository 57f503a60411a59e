"""A stream's way through its life: what the table's cells write, and who is told."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from fitfriends.core import clock
from fitfriends.core.errors import DomainError
from streaming import errors
from streaming.domain import lifecycle
from streaming.domain.lifecycle import LifecycleEvent
from streaming.enums import EndReason, Event, State
from streaming.models import Stream, StreamEvent
from streaming.signals import stream_changed, stream_live
from tests.cast import Cast
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.usefixtures("clean_redis")


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """(signal, state) in the order in which they were sent."""
    heard: list[tuple[str, str]] = []

    def on_changed(stream: Stream, **kw: Any) -> None:
        heard.append(("changed", stream.state))

    def on_live(stream: Stream, **kw: Any) -> None:
        heard.append(("live", stream.state))

    stream_changed.connect(on_changed)
    stream_live.connect(on_live)
    yield heard
    stream_changed.disconnect(on_changed)
    stream_live.disconnect(on_live)


def test_a_class_that_starts_before_its_signal(cast: Cast) -> None:
    stream = lifecycle.start(make_stream(cast.session), actor=cast.ben)
    assert (stream.state, stream.started_at) == (State.STARTING, None)

    stream = lifecycle.publish(stream, client_id="7")
    assert (stream.state, stream.ingest_client_id, stream.has_picture) == (State.STARTING, "7", False)

    stream = lifecycle.picture(stream, client_id="7")
    assert (stream.state, stream.has_picture) == (State.LIVE, True)
    assert stream.started_at is not None


def test_a_class_that_is_previewed(cast: Cast) -> None:
    stream = lifecycle.publish(make_stream(cast.session), client_id="7")
    assert stream.state == State.PREVIEW

    stream = lifecycle.picture(stream, client_id="7")
    assert (stream.state, stream.has_picture, stream.started_at) == (State.PREVIEW, True, None)

    stream = lifecycle.start(stream, actor=cast.ben)
    assert stream.state == State.LIVE
    assert stream.started_at is not None


def test_a_preview_without_a_picture_starts_without_one(cast: Cast) -> None:
    stream = lifecycle.start(make_stream(cast.session, State.PREVIEW), actor=cast.ben)

    assert (stream.state, stream.ingest_client_id, stream.started_at) == (State.STARTING, "1", None)


def test_a_drop_and_a_return_keep_the_first_start(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    first = stream.started_at

    stream = lifecycle.signal_lost(stream, client_id="1")
    assert (stream.state, stream.ingest_client_id, stream.has_picture) == (State.INTERRUPTED, "", False)
    assert stream.reconnect_until == stream.state_changed_at + timedelta(seconds=settings.RECONNECT_WINDOW_SECONDS)

    stream = lifecycle.publish(stream, client_id="2")
    assert stream.state == State.INTERRUPTED

    stream = lifecycle.picture(stream, client_id="2")
    stream.refresh_from_db()
    assert (stream.state, stream.started_at, stream.reconnect_until) == (State.LIVE, first, None)


def test_a_return_that_fails_does_not_lengthen_the_window(cast: Cast) -> None:
    stream = make_stream(cast.session, State.INTERRUPTED)
    until = stream.reconnect_until

    stream = lifecycle.publish(stream, client_id="2")
    stream = lifecycle.signal_lost(stream, client_id="2")

    assert (stream.state, stream.reconnect_until) == (State.INTERRUPTED, until)


def test_a_window_that_is_over_ends_the_class(cast: Cast) -> None:
    stream = make_stream(cast.session, State.INTERRUPTED, reconnect_until=clock.now() - timedelta(seconds=1))

    stream = lifecycle.close_window(stream)

    assert (stream.state, stream.end_reason) == (State.ENDED, EndReason.SIGNAL_LOST)


def test_a_publisher_who_is_back_gets_a_little_patience_but_not_for_ever(cast: Cast) -> None:
    window = {"reconnect_until": clock.now() - timedelta(seconds=1), "ingest_client_id": "2"}
    stream = make_stream(cast.session, State.INTERRUPTED, **window)
    assert lifecycle.close_window(stream).state == State.INTERRUPTED

    past = clock.now() - lifecycle.PICTURE_GRACE - timedelta(seconds=1)
    Stream.objects.filter(pk=stream.pk).update(reconnect_until=past)

    assert lifecycle.close_window(stream).state == State.ENDED


@pytest.mark.parametrize(("who", "reason"), [("ben", EndReason.INSTRUCTOR), ("ana", EndReason.OPERATOR)])
def test_who_ends_it_is_the_reason(cast: Cast, who: str, reason: EndReason) -> None:
    stream = lifecycle.end(make_stream(cast.session, State.LIVE), actor=cast.people[who])

    assert (stream.end_reason, StreamEvent.objects.get(stream=stream).actor) == (reason, cast.people[who])


def test_reports_of_another_publisher_are_late(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE, ingest_client_id="2")

    lifecycle.signal_lost(stream, client_id="1")
    lifecycle.picture(stream, client_id="1")

    stream.refresh_from_db()
    assert (stream.state, stream.ingest_client_id, stream.revision) == (State.LIVE, "2", 0)


def test_a_second_publisher_is_refused_and_the_same_one_is_not(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    assert lifecycle.publish(stream, client_id="1").revision == 0
    with pytest.raises(errors.KeyInUse):
        lifecycle.publish(stream, client_id="2")


def test_words_about_the_signal_stay_until_a_picture_comes(cast: Cast) -> None:
    stream = make_stream(cast.session, State.PREVIEW)

    stream = lifecycle.signal_lost(stream, client_id="1", note="Set your encoder to H.264.")
    stream = lifecycle.publish(stream, client_id="2")
    assert stream.signal_note == "Set your encoder to H.264."

    assert lifecycle.picture(stream, client_id="2").signal_note == ""


def test_live_is_told_once(cast: Cast, told: list[tuple[str, str]], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        stream = lifecycle.start(make_stream(cast.session), actor=cast.ben)
        stream = lifecycle.publish(stream, client_id="1")
        stream = lifecycle.picture(stream, client_id="1")
        stream = lifecycle.signal_lost(stream, client_id="1")
        stream = lifecycle.publish(stream, client_id="2")
        lifecycle.picture(stream, client_id="2")

    assert [state for signal, state in told if signal == "live"] == ["live"]
    changed = ["starting", "starting", "live", "interrupted", "interrupted", "live"]
    assert [state for signal, state in told if signal == "changed"] == changed


def test_nothing_is_told_when_nothing_changes(
    cast: Cast, told: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
) -> None:
    stream = make_stream(cast.session, State.LIVE)

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        lifecycle.start(stream, actor=cast.ben)
        lifecycle.signal_lost(stream, client_id="old")

    assert (callbacks, told) == ([], [])


def test_a_change_decided_on_an_old_row_is_decided_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that comes between start's reading and writing: start must not leave `starting` with a picture."""
    stream = make_stream(cast.session, State.PREVIEW)
    write, once = lifecycle._write, iter([True])

    def write_late(current: Stream, *rest: Any) -> bool:
        if next(once, False):
            lifecycle.picture(stream, client_id="1")
        return write(current, *rest)

    monkeypatch.setattr(lifecycle, "_write", write_late)

    assert lifecycle.start(stream, actor=cast.ben).state == State.LIVE


@pytest.mark.django_db(transaction=True)
def test_many_at_once_write_each_change_once(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    refused: list[str] = []

    def act(event: Event, client_id: str) -> None:
        try:
            lifecycle.apply(stream, LifecycleEvent(kind=event, at=clock.now(), client_id=client_id))
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(Event.SIGNAL_LOST, "1")) for _ in range(4)]
    threads += [threading.Thread(target=act, args=(Event.END, "")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    stream.refresh_from_db()
    assert (stream.state, refused) == (State.ENDED, [])
    assert StreamEvent.objects.filter(stream=stream, to_state=State.ENDED).count() == 1
    assert StreamEvent.objects.filter(stream=stream).count() == stream.revision

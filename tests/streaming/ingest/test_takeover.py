"""A second encoder with the same key: refused, unless the class's owner said that it may take over."""

from datetime import timedelta

import pytest

from fitfriends.core import clock
from media_worker.enums import RunReason, RunState
from media_worker.models import TranscodeRun
from streaming import errors
from streaming.domain import lifecycle
from streaming.domain.ingest import keys, takeover
from streaming.domain.signal import timeline
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast
from tests.streaming.callers import hook
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(cast: Cast) -> tuple[Stream, str]:
    """Live from connection 1, with its key."""
    stream = make_stream(cast.session, State.LIVE)
    return stream, keys.issue(stream)


def fresh(stream: Stream) -> Stream:
    return Stream.objects.get(pk=stream.pk)


def test_second_encoder_is_refused_unless_it_was_allowed(cast: Cast, live: tuple[Stream, str]) -> None:
    stream, key = live
    assert hook("publish", key, "2").status_code == 409
    assert "let it take over" in fresh(stream).signal_note

    takeover.allow(stream, actor=cast.ben)
    reply = hook("publish", key, "2")

    after = fresh(stream)
    assert (reply.status_code, reply["Location"]) == (302, after.ingest_name)
    assert after.ingest_name != stream.ingest_name
    assert (after.state, after.ingest_client_id) == (State.INTERRUPTED, "2")
    assert hook("update", key, "1").status_code == 403
    assert hook("update", key, "2").status_code == 200


def test_the_word_is_good_for_one_connection(cast: Cast, live: tuple[Stream, str]) -> None:
    """The encoder that was replaced tries again by itself."""
    stream, key = live
    takeover.allow(stream, actor=cast.ben)

    assert [hook("publish", key, client).status_code for client in ("2", "1", "3")] == [302, 409, 409]
    hook("publish_done", key, "1")
    assert fresh(stream).ingest_client_id == "2"


def test_the_word_is_good_for_the_connection_that_it_was_said_of(cast: Cast, live: tuple[Stream, str]) -> None:
    stream, key = live
    takeover.allow(stream, actor=cast.ben)
    lifecycle.signal_lost(stream, client_id="1")

    assert [hook("publish", key, client).status_code for client in ("4", "5")] == [302, 409]


def test_there_must_be_something_to_take_over(cast: Cast) -> None:
    with pytest.raises(errors.NobodyBroadcasts):
        takeover.allow(make_stream(cast.session, State.STARTING, ingest_client_id=""), actor=cast.ben)


def test_timeline_tells_of_people_signals_and_transcoders(cast: Cast, live: tuple[Stream, str]) -> None:
    stream, key = live
    takeover.allow(stream, actor=cast.ben)
    hook("publish", key, "2")
    TranscodeRun.objects.create(
        ref=stream.room_id,
        client_id="2",
        state=RunState.FINISHED,
        reason=RunReason.WORKER_LOST,
        note="The media worker was lost.",
        finished_at=clock.now() + timedelta(seconds=1),
    )
    TranscodeRun.objects.create(ref=stream.room_id, client_id="1", state=RunState.FINISHED, note="As asked.")

    told = timeline.of_stream(stream)

    assert [moment.kind for moment in told] == [
        "transcoder",
        "publish",
        "taken_over",
        "signal_lost",
        "takeover_allowed",
    ]
    assert told[0].words == "The media worker was lost."
    assert told[3].words == "The signal stopped. Another device took over, as you allowed."
    assert len(timeline.of_stream(stream, most=2)) == 2

"""Every cell of the table, written down a second time and applied to rows."""

import pytest

from fitfriends.core import clock
from fitfriends.core.errors import DomainError
from streaming import errors
from streaming.domain import lifecycle
from streaming.domain.lifecycle import LifecycleEvent
from streaming.domain.transitions import TABLE
from streaming.enums import EndReason, Event, State
from streaming.models import Stream, StreamEvent
from tests.cast import Cast
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.usefixtures("clean_redis")

type Wanted = State | str | type[DomainError]

SCHEDULED, PREVIEW, STARTING, LIVE, INTERRUPTED, ENDED = State
SAME = "same"  # a success that writes nothing
ORDER = ["start", "publish", "picture", "signal_lost", "end", "cancel", "window_closed", "hard_stop"]
GRID: dict[State, list[Wanted]] = {
    SCHEDULED: [STARTING, PREVIEW, SAME, SAME, errors.NothingToEnd, ENDED, SAME, ENDED],
    PREVIEW: [STARTING, PREVIEW, PREVIEW, SCHEDULED, ENDED, ENDED, SAME, ENDED],
    STARTING: [SAME, STARTING, LIVE, STARTING, ENDED, ENDED, SAME, ENDED],
    LIVE: [SAME, LIVE, LIVE, INTERRUPTED, ENDED, errors.AlreadyStarted, SAME, ENDED],
    INTERRUPTED: [SAME, INTERRUPTED, LIVE, INTERRUPTED, ENDED, errors.AlreadyStarted, SAME, ENDED],
    ENDED: [errors.Ended, errors.Ended, SAME, SAME, SAME, errors.Ended, SAME, SAME],
}
CELLS = [
    pytest.param(state, Event(event), wanted, id=f"{state}-{event}")
    for state, row in GRID.items()
    for event, wanted in zip(ORDER, row, strict=True)
]


def arrange(cast: Cast, state: State, event: Event) -> Stream:
    """What the ingest reports presupposes a publisher, and a new one that there is none."""
    given: dict[str, object] = {}
    if event == Event.PUBLISH:
        given = {"ingest_client_id": "", "ingest_since": None, "has_picture": False}
    elif event in (Event.PICTURE, Event.SIGNAL_LOST) and state not in (SCHEDULED, ENDED):
        given = {"ingest_client_id": "1", "ingest_since": clock.now()}
    return make_stream(cast.session, state, **given)


def happened(kind: Event) -> LifecycleEvent:
    reported = kind in (Event.PUBLISH, Event.PICTURE, Event.SIGNAL_LOST)
    return LifecycleEvent(kind=kind, at=clock.now(), client_id="1" if reported else "", reason=EndReason.INSTRUCTOR)


def test_the_table_has_every_cell() -> None:
    assert {state: set(row) for state, row in TABLE.items()} == {state: set(Event) for state in State}
    assert set(ORDER) == set(Event)


@pytest.mark.parametrize(("state", "event", "wanted"), CELLS)
def test_cell(cast: Cast, state: State, event: Event, wanted: Wanted) -> None:
    stream = arrange(cast, state, event)
    before = Stream.objects.values().get(pk=stream.pk)

    if isinstance(wanted, type):
        with pytest.raises(wanted):
            lifecycle.apply(stream, happened(event))
    else:
        returned = lifecycle.apply(stream, happened(event))
        assert returned.state == (state if wanted == SAME else wanted)

    after = Stream.objects.values().get(pk=stream.pk)
    if isinstance(wanted, State):
        assert (after["state"], after["revision"]) == (wanted, before["revision"] + 1)
        logged = StreamEvent.objects.get(stream=stream)
        assert (logged.kind, logged.from_state, logged.to_state) == (event, state, wanted)
    else:
        assert after == before
        assert not StreamEvent.objects.filter(stream=stream).exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.ENDED])
def test_the_hard_stop_ends_every_open_state_as_overtime(cast: Cast, state: State) -> None:
    stream = lifecycle.hard_stop(make_stream(cast.session, state))

    stream.refresh_from_db()
    assert (stream.state, stream.end_reason) == (State.ENDED, EndReason.OVERTIME)
    assert stream.ended_at is not None
    assert (stream.ingest_client_id, stream.has_picture, stream.reconnect_until) == ("", False, None)


@pytest.mark.parametrize("state", [State.SCHEDULED, State.PREVIEW, State.STARTING])
def test_cancelling_before_the_first_picture_ends_as_cancelled(cast: Cast, state: State) -> None:
    stream = lifecycle.cancel(make_stream(cast.session, state), actor=cast.ben)
    again = lifecycle.cancel(stream, actor=cast.ben)

    assert (again.state, again.end_reason, again.revision) == (State.ENDED, EndReason.CANCELLED, 1)

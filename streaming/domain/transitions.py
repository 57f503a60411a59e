"""The one table of a stream's life: what each event does in each state. Pure; domain/lifecycle.py applies it.

scheduled: key issued, doors closed, no signal          live: doors open, picture playable
preview: signal before the start                        interrupted: signal lost, the reconnect window runs
starting: doors open, no picture yet                    ended: never comes back
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fitfriends.core.errors import DomainError
from streaming import errors
from streaming.enums import EndReason, Event, State


@dataclass(frozen=True, slots=True)
class Facts:
    """What a conditional cell may look at, besides the state."""

    has_picture: bool = False
    cancelled: bool = False
    # The reconnect window is over, and so is the patience with a publisher who came back without a picture.
    nobody_returned: bool = False


@dataclass(frozen=True, slots=True)
class Go:
    """Change the state; `reason` is set where the event alone decides why a stream ends."""

    to: State
    reason: EndReason | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """The state stays, what the event brings (a publisher, a picture) is written."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Late, or said before: a success that writes nothing."""


@dataclass(frozen=True, slots=True)
class Refuse:
    error: type[DomainError]


type Outcome = Go | Stay | Nothing | Refuse


@dataclass(frozen=True, slots=True)
class Either:
    when: Callable[[Facts], bool]
    then: Outcome
    otherwise: Outcome


_STAY = Stay()
_NOTHING = Nothing()
_ENDED = Go(State.ENDED)  # who ends it says why
_OVERTIME = Go(State.ENDED, EndReason.OVERTIME)
_CANCELLED = Go(State.ENDED, EndReason.CANCELLED)

TABLE: Mapping[State, Mapping[Event, Outcome | Either]] = {
    State.SCHEDULED: {
        Event.START: Go(State.STARTING),
        Event.PUBLISH: Go(State.PREVIEW),
        Event.PICTURE: _NOTHING,
        Event.SIGNAL_LOST: _NOTHING,
        Event.END: Refuse(errors.NothingToEnd),
        Event.CANCEL: _CANCELLED,
        Event.WINDOW_CLOSED: _NOTHING,
        Event.HARD_STOP: _OVERTIME,
    },
    State.PREVIEW: {
        Event.START: Either(lambda facts: facts.has_picture, Go(State.LIVE), Go(State.STARTING)),
        Event.PUBLISH: _STAY,
        Event.PICTURE: _STAY,
        Event.SIGNAL_LOST: Go(State.SCHEDULED),
        Event.END: _ENDED,
        Event.CANCEL: _CANCELLED,
        Event.WINDOW_CLOSED: _NOTHING,
        Event.HARD_STOP: _OVERTIME,
    },
    State.STARTING: {
        Event.START: _NOTHING,
        Event.PUBLISH: _STAY,
        Event.PICTURE: Go(State.LIVE),
        Event.SIGNAL_LOST: _STAY,
        Event.END: _ENDED,
        Event.CANCEL: _CANCELLED,
        Event.WINDOW_CLOSED: _NOTHING,
        Event.HARD_STOP: _OVERTIME,
    },
    State.LIVE: {
        Event.START: _NOTHING,
        Event.PUBLISH: _STAY,
        Event.PICTURE: _STAY,
        Event.SIGNAL_LOST: Go(State.INTERRUPTED),
        Event.END: _ENDED,
        Event.CANCEL: Refuse(errors.AlreadyStarted),
        Event.WINDOW_CLOSED: _NOTHING,
        Event.HARD_STOP: _OVERTIME,
    },
    State.INTERRUPTED: {
        Event.START: _NOTHING,
        Event.PUBLISH: _STAY,
        Event.PICTURE: Go(State.LIVE),
        Event.SIGNAL_LOST: _STAY,
        Event.END: _ENDED,
        Event.CANCEL: Refuse(errors.AlreadyStarted),
        Event.WINDOW_CLOSED: Either(
            lambda facts: facts.nobody_returned, Go(State.ENDED, EndReason.SIGNAL_LOST), _NOTHING
        ),
        Event.HARD_STOP: _OVERTIME,
    },
    State.ENDED: {
        Event.START: Refuse(errors.Ended),
        Event.PUBLISH: Refuse(errors.Ended),
        Event.PICTURE: _NOTHING,
        Event.SIGNAL_LOST: _NOTHING,
        Event.END: _NOTHING,
        Event.CANCEL: Either(lambda facts: facts.cancelled, _NOTHING, Refuse(errors.Ended)),
        Event.WINDOW_CLOSED: _NOTHING,
        Event.HARD_STOP: _NOTHING,
    },
}


def outcome(state: State, event: Event, facts: Facts) -> Outcome:
    cell = TABLE[state][event]
    if isinstance(cell, Either):
        return cell.then if cell.when(facts) else cell.otherwise
    return cell

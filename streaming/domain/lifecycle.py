"""Applies what happens to a stream. Nothing else writes `state`; transitions.py holds the table.

Each function may be called with a stale instance and returns a fresh one. What follows a change (the run, the
cleanup of an ended stream, the signals) happens after the commit of the outermost transaction.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from accounts.models import User
from fitfriends.core import clock
from streaming import errors
from streaming.domain import cleanup, runs
from streaming.domain.transitions import Facts, Go, Nothing, Refuse, Stay, outcome
from streaming.enums import EndReason, Event, State
from streaming.models import Stream, StreamEvent
from streaming.signals import stream_changed, stream_live

# Losing the race this often means that something writes in a circle.
_ATTEMPTS = 8
# A publisher who returned within the window may take this much longer to bring a picture.
PICTURE_GRACE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleEvent:
    """What happened to a stream, and what that brings along."""

    kind: Event
    at: datetime
    actor: User | None = None
    client_id: str = ""  # the ingest's, for what the ingest and the media worker report
    bridged: bool = False  # the publisher comes by WebRTC
    reason: EndReason | None = None
    note: str = ""  # words for the instructor


def start(stream: Stream, *, actor: User) -> Stream:
    """Opens the doors; live at once when the preview has a picture. Again: nothing. Ended: Conflict."""
    return apply(stream, LifecycleEvent(kind=Event.START, at=clock.now(), actor=actor))


def end(stream: Stream, *, actor: User) -> Stream:
    """Ends a stream that has started or has a signal. Again: nothing. Not begun: Conflict, cancel it."""
    by_instructor = actor.pk == stream.group_session.instructor_id
    reason = EndReason.INSTRUCTOR if by_instructor else EndReason.OPERATOR
    return apply(stream, LifecycleEvent(kind=Event.END, at=clock.now(), actor=actor, reason=reason))


def end_by_club(stream: Stream) -> Stream:
    """Ends it because its instructor may no longer teach; no person presses a button for that."""
    return apply(stream, LifecycleEvent(kind=Event.END, at=clock.now(), reason=EndReason.OPERATOR))


def cancel(stream: Stream, *, actor: User | None) -> Stream:
    """Calls it off before it was ever live. Again: nothing. Once live: Conflict, end it."""
    return apply(stream, LifecycleEvent(kind=Event.CANCEL, at=clock.now(), actor=actor))


def publish(stream: Stream, *, client_id: str, bridged: bool = False) -> Stream:
    """A publisher connects. The same one again: nothing. Another one while it is there: KeyInUse."""
    return apply(stream, LifecycleEvent(kind=Event.PUBLISH, at=clock.now(), client_id=client_id, bridged=bridged))


def picture(stream: Stream, *, client_id: str) -> Stream:
    """The run of this publisher has a playable playlist. Of another one: nothing."""
    return apply(stream, LifecycleEvent(kind=Event.PICTURE, at=clock.now(), client_id=client_id))


def signal_lost(stream: Stream, *, client_id: str, note: str = "") -> Stream:
    """The publisher is gone, or is to be cut: the ingest's next update is refused. Of another one: nothing."""
    return apply(stream, LifecycleEvent(kind=Event.SIGNAL_LOST, at=clock.now(), client_id=client_id, note=note))


def close_window(stream: Stream) -> Stream:
    """Ends an interrupted stream whose window is over and whose publisher has not come back."""
    return apply(stream, LifecycleEvent(kind=Event.WINDOW_CLOSED, at=clock.now()))


def hard_stop(stream: Stream) -> Stream:
    """Ends it because its time and the margin are over."""
    return apply(stream, LifecycleEvent(kind=Event.HARD_STOP, at=clock.now()))


def apply(stream: Stream, event: LifecycleEvent) -> Stream:
    """Decides on a fresh row and writes only over the revision that it decided on; otherwise decides again."""
    for _ in range(_ATTEMPTS):
        with transaction.atomic():
            current = Stream.objects.select_related("group_session").get(pk=stream.pk)
            to = _decide(current, event)
            if to is None or _write(current, to, event):
                return current
    raise errors.Busy


def _decide(current: Stream, event: LifecycleEvent) -> Go | None:
    """Where to go (perhaps to the same state), None for nothing to do; raises what the table refuses."""
    state = State(current.state)
    if event.kind == Event.PUBLISH and current.ingest_client_id:
        if current.ingest_client_id == event.client_id:
            return None
        raise errors.KeyInUse
    reported = event.kind in (Event.PICTURE, Event.SIGNAL_LOST)
    if reported and current.ingest_client_id != event.client_id:
        return None
    match outcome(state, event.kind, _facts(current, event.at)):
        case Go() as go:
            return go
        case Stay():
            return Go(state)
        case Nothing():
            return None
        case Refuse(error):
            raise error


def _facts(current: Stream, at: datetime) -> Facts:
    until = current.reconnect_until
    if until is not None and current.ingest_client_id:
        until += PICTURE_GRACE
    return Facts(
        has_picture=current.has_picture,
        cancelled=current.end_reason == EndReason.CANCELLED,
        nobody_returned=until is not None and until <= at,
    )


def _write(current: Stream, go: Go, event: LifecycleEvent) -> bool:
    """The guarded UPDATE with its log row; False when somebody else was faster. Brings `current` up to date."""
    was, publisher, first_live = current.state, current.ingest_client_id, current.started_at is None
    changes = _changes(current, go, event)
    guarded = Stream.objects.filter(pk=current.pk, state=was, revision=current.revision)
    if not guarded.update(**changes):
        return False
    for name, value in changes.items():
        setattr(current, name, value)
    StreamEvent.objects.create(
        stream=current,
        at=event.at,
        kind=event.kind,
        from_state=was,
        to_state=go.to,
        actor=event.actor,
        note=event.note or event.client_id,
    )
    first_live = first_live and current.started_at is not None
    # Two callbacks: a Redis that does not answer keeps nobody from being told. keep_time tidies what was left.
    transaction.on_commit(partial(_follow, current, publisher), robust=True)
    transaction.on_commit(partial(_tell, current, first_live=first_live), robust=True)
    return True


def _changes(current: Stream, go: Go, event: LifecycleEvent) -> dict[str, object]:
    changes: dict[str, object] = {"state": go.to, "revision": current.revision + 1, "updated_at": event.at}
    if go.to != current.state:
        changes["state_changed_at"] = event.at
    if go.to != State.INTERRUPTED:
        changes["reconnect_until"] = None
    elif current.state != State.INTERRUPTED:
        changes["reconnect_until"] = event.at + timedelta(seconds=settings.RECONNECT_WINDOW_SECONDS)
    if go.to == State.LIVE and current.started_at is None:
        changes["started_at"] = event.at
    if go.to == State.ENDED:
        changes |= {"ended_at": event.at, "end_reason": go.reason or event.reason or EndReason.OPERATOR}
    return changes | _signal(go, event)


def _signal(go: Go, event: LifecycleEvent) -> dict[str, object]:
    """The publisher, its picture, and what the instructor should know about them."""
    if event.kind == Event.PUBLISH:
        came = {"ingest_client_id": event.client_id, "ingest_bridged": event.bridged}
        return {**came, "ingest_since": event.at, "has_picture": False}
    if event.kind == Event.PICTURE:
        return {"has_picture": True, "signal_note": ""}
    if event.kind == Event.SIGNAL_LOST or go.to == State.ENDED:
        gone: dict[str, object] = {"ingest_client_id": "", "ingest_since": None, "has_picture": False}
        # Without words of its own it leaves those of before: an encoder that was cut tries again by itself.
        return gone | {"signal_note": event.note} if event.note else gone
    return {}


def _follow(stream: Stream, publisher_before: str) -> None:
    if stream.state == State.ENDED:
        cleanup.tidy(stream)
        return
    if stream.ingest_client_id != publisher_before:
        runs.follow(stream, publisher_before)
    runs.expect(stream)


def _tell(stream: Stream, *, first_live: bool) -> None:
    stream_changed.send_robust(sender=Stream, stream=stream)
    if first_live:
        stream_live.send_robust(sender=Stream, stream=stream)

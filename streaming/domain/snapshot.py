"""A stream's state as its readers are told it, by the API and by the sockets."""

from datetime import datetime
from typing import TypedDict

from streaming.enums import State
from streaming.models import Stream


class StreamState(TypedDict):
    id: int
    room_id: str
    state: str
    title: str
    mode: str
    started_at: str | None
    ended_at: str | None
    reconnect_until: str | None
    picture: bool
    end_reason: str | None


def state_of(stream: Stream, *, runs: bool) -> StreamState:
    """A preview is for those who run the class: to members it is still the scheduled one."""
    hidden = stream.state == State.PREVIEW and not runs
    return {
        "id": stream.pk,
        "room_id": stream.room_id,
        "state": str(State.SCHEDULED if hidden else stream.state),
        "title": stream.title,
        "mode": stream.mode,
        "started_at": _iso(stream.started_at),
        "ended_at": _iso(stream.ended_at),
        "reconnect_until": _iso(stream.reconnect_until),
        "picture": stream.has_picture and not hidden,
        "end_reason": stream.end_reason or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

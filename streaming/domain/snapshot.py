"""A stream's state as its readers are told it, by the API and by the sockets."""

from datetime import datetime
from typing import Annotated

from fitfriends.core.frames import Part, about
from streaming.enums import State
from streaming.models import Stream


class StreamState(Part, frozen=True):
    """A class's stream as it stands."""

    id: int
    room_id: str
    state: Annotated[
        str,
        about(
            "`scheduled`, `preview` (only for those who run the class), `starting`, `live`, `interrupted` or `ended`"
        ),
    ]
    title: str
    mode: Annotated[
        str, about("`interactive` where members may watch by [WebRTC](webrtc.md) too, else `broadcast`; may change")
    ]
    started_at: str | None
    ended_at: str | None
    reconnect_until: str | None
    picture: Annotated[bool, about("there is a playable playlist now")]
    end_reason: str | None


def state_of(stream: Stream, *, runs: bool) -> StreamState:
    """A preview is for those who run the class: to members it is still the scheduled one."""
    hidden = stream.state == State.PREVIEW and not runs
    return StreamState(
        id=stream.pk,
        room_id=stream.room_id,
        state=str(State.SCHEDULED if hidden else stream.state),
        title=stream.title,
        mode=str(stream.mode),
        started_at=_iso(stream.started_at),
        ended_at=_iso(stream.ended_at),
        reconnect_until=_iso(stream.reconnect_until),
        picture=stream.has_picture and not hidden,
        end_reason=stream.end_reason or None,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

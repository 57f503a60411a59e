"""Streams in any state, with the rows the database insists on."""

from datetime import timedelta
from typing import Any

from clubs.models import GroupSession
from fitfriends.core import clock
from streaming.enums import EndReason, State
from streaming.models import Stream


def make_stream(session: GroupSession, state: State = State.SCHEDULED, **kw: Any) -> Stream:
    """A stream in this state, with publisher `1` and a picture where the state implies them."""
    now = clock.now()
    given: dict[str, Any] = {"title": session.title, "created_by": session.instructor, "state": state}
    if state in (State.PREVIEW, State.LIVE):
        given |= {"ingest_client_id": "1", "ingest_since": now, "has_picture": state == State.LIVE}
    if state in (State.LIVE, State.INTERRUPTED):
        given["started_at"] = now
    if state == State.INTERRUPTED:
        given["reconnect_until"] = now + timedelta(seconds=60)
    if state == State.ENDED:
        given |= {"ended_at": now, "end_reason": EndReason.INSTRUCTOR}
    return Stream.objects.create(group_session=session, **(given | kw))

"""Rows as the frames that readers get."""

from datetime import datetime

from chat.models import Message
from chat.protocol import ChatMessage, MessageDeleted, StreamState
from fitfriends.core import clock
from streaming.enums import State
from streaming.models import Stream


def of_message(message: Message) -> ChatMessage:
    """A deleted message keeps its place and loses its words."""
    return {
        "type": "chat_message",
        "id": message.pk,
        "seq": message.seq,
        "user_id": message.author_id,
        "username": message.author_name,
        "role": message.author_role,
        "message": "" if message.deleted_at else message.text,
        "timestamp": clock.to_ms(message.sent_at),
        "client_id": message.client_id,
        "deleted": message.deleted_at is not None,
    }


def of_deletion(message: Message) -> MessageDeleted:
    return {"type": "message_deleted", "id": message.pk, "seq": message.changed_seq}


def of_stream(stream: Stream, *, staff: bool) -> StreamState:
    """A preview is for the class's staff: to members it is still the scheduled class."""
    hidden = stream.state == State.PREVIEW and not staff
    return {
        "id": stream.pk,
        "room_id": stream.room_id,
        "state": str(State.SCHEDULED) if hidden else str(stream.state),
        "title": stream.title,
        "started_at": _iso(stream.started_at),
        "ended_at": _iso(stream.ended_at),
        "reconnect_until": _iso(stream.reconnect_until),
        "picture": stream.has_picture and not hidden,
        "end_reason": stream.end_reason or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

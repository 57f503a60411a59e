"""Turns rows of messages into the frames that readers get."""

from chat.frames.held import MessageHeld, MessageRejected
from chat.frames.moderation import MessageRestored
from chat.frames.room import ChatMessage, MessageDeleted
from chat.models import HeldMessage, Message
from fitfriends.core import clock


def of_message(message: Message) -> ChatMessage:
    """A deleted message keeps its number and loses its text."""
    return ChatMessage(
        id=message.pk,
        seq=message.seq,
        user_id=message.author_id,
        username=message.author_name,
        role=str(message.author_role),
        message="" if message.deleted_at else message.text,
        timestamp=clock.to_ms(message.sent_at),
        media_time=message.media_time,
        client_id=message.client_id,
        deleted=message.deleted_at is not None,
    )


def of_deletion(message: Message) -> MessageDeleted:
    return MessageDeleted(id=message.pk, seq=message.changed_seq)


def of_restoring(message: Message) -> MessageRestored:
    return MessageRestored(id=message.pk, seq=message.changed_seq, message=message.text)


def of_held(held: HeldMessage) -> MessageHeld:
    """The id is that of the held message, not of a message: there is none yet."""
    return MessageHeld(
        id=held.pk,
        message=held.text,
        timestamp=clock.to_ms(held.held_at),
        client_id=held.client_id,
        due_at=clock.to_ms(held.due_at) if held.due_at else None,
    )


def of_rejection(held: HeldMessage) -> MessageRejected:
    return MessageRejected(id=held.pk, client_id=held.client_id)

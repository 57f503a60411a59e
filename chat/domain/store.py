"""A message comes into the talk: said at once (posting.py), or let in after it was held (held.py)."""

from django.db import transaction

from accounts.models import User
from chat.domain import broadcast, mention_queue, message_frames
from chat.models import Message, Room


def say(
    room: Room,
    seq: int,
    *,
    author: User,
    author_name: str,
    author_role: str,
    text: str,
    client_id: str | None,
    media_time: int | None,
) -> Message:
    """Stores it under its number; once that is committed the room is told, and who is called by name.

    Inside the transaction that took the number. IntegrityError: the author has said it before.
    """
    message = Message.objects.create(
        room=room,
        seq=seq,
        changed_seq=seq,
        author=author,
        author_name=author_name,
        author_role=author_role,
        text=text,
        client_id=client_id,
        media_time=media_time,
    )
    room_id, event = room.stream.room_id, message_frames.of_message(message)
    transaction.on_commit(lambda: broadcast.event(room_id, event))
    mention_queue.queue(message)
    return message

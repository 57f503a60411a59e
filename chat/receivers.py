"""Tells rooms what happens to their streams and people."""

from typing import Any

from django.dispatch import receiver

from chat.domain import broadcast
from streaming.models import Stream
from streaming.signals import stream_changed, viewer_removed


@receiver(stream_changed)
def tell_state(sender: object, stream: Stream, **kwargs: Any) -> None:  # noqa: ARG001 -- signal's signature
    broadcast.state_changed(stream.room_id)


@receiver(viewer_removed)
def close_sockets(sender: object, room_id: str, user_id: int, **kwargs: Any) -> None:  # noqa: ARG001
    broadcast.removed(room_id, user_id)

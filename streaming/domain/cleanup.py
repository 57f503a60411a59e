"""Clears up what an ended stream leaves behind: tokens, slots, presence, viewings, the run."""

from fitfriends.core import clock
from streaming.domain import runs
from streaming.domain.tokens import revocations
from streaming.domain.watching import presence, viewer_slots, viewings
from streaming.models import Stream


def tidy(stream: Stream) -> None:
    """May be called again: keep_time does, for streams whose cleanup was cut short.

    The publisher needs nothing: the ingest's next update is refused, which cuts it.
    """
    revocations.revoke(stream.room_id)
    viewings.close_all(stream)
    viewer_slots.remove_all(stream.room_id)
    presence.forget_room(stream.room_id)
    runs.stop(stream)
    Stream.objects.filter(pk=stream.pk).update(tidied_at=clock.now())

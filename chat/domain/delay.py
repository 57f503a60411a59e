"""The moderation delay: what members say waits for some seconds, and then goes into the talk by itself.

It waits as a HeldMessage, so a number is taken at the release and readers know of no second way in. Moderators
see it at once, and release it early or reject it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from chat.domain import held
from chat.enums import Review
from chat.models import HeldMessage, Room
from fitfriends.core import clock
from streaming.domain import access as streaming_access

REASON = "delay"
AT_ONCE = 200


def due(room: Room, *, at: datetime) -> QuerySet[HeldMessage]:
    """What has waited long enough, in the order of sending."""
    return HeldMessage.objects.filter(room=room, review=Review.WAITING, due_at__lte=at).order_by("pk")


def release_due(room: Room) -> int:
    """Decides about what has waited long enough; returns how many. Any process may call it: each is decided once.

    Messages are released, but rejected when their author was timed out or banned meanwhile, or left.
    """
    if not due(room, at=clock.now()).exists():
        return 0
    with transaction.atomic():
        # Locks the room first, as every post does, so that two processes release one after the other. A message that
        # a moderator is deciding about right now is left to them.
        locked = Room.objects.select_for_update().get(pk=room.pk)
        rows = due(room, at=clock.now()).select_for_update(skip_locked=True, of=("self",)).select_related("author")
        waiting = list(rows[:AT_ONCE])
        for row in waiting:
            row.room = room
            if _may_still_talk(row, locked):
                held.release_row(row, by=None)
            else:
                held.reject_row(row, by=None)
    return len(waiting)


def reschedule(room: Room, *, seconds: int) -> None:
    """Applies a changed delay to what waits already."""
    waiting = HeldMessage.objects.filter(room=room, review=Review.WAITING, due_at__isnull=False)
    waiting.update(due_at=F("held_at") + timedelta(seconds=seconds))


def _may_still_talk(row: HeldMessage, room: Room) -> bool:
    now = clock.to_ms(clock.now())
    stream = row.room.stream
    return room.timeouts.get(str(row.author_id), 0) <= now and streaming_access.may_see(row.author, stream)

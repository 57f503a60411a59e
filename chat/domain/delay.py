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
    """In the order of their sending."""
    return HeldMessage.objects.filter(room=room, review=Review.WAITING, due_at__lte=at).order_by("pk")


def release_due(room: Room) -> int:
    """Lets in what has waited long enough; returns how many. Any process may ask at any time: each is let in once.

    What a person said who was timed out, banned or left meanwhile is turned away instead.
    """
    if not due(room, at=clock.now()).exists():
        return 0
    with transaction.atomic():
        # The room first, as every post does it: two processes release one after the other, in order. A message that
        # somebody is deciding about right now is theirs.
        locked = Room.objects.select_for_update().get(pk=room.pk)
        rows = due(room, at=clock.now()).select_for_update(skip_locked=True, of=("self",)).select_related("author")
        waiting = list(rows[:AT_ONCE])
        for row in waiting:
            row.room = room
            if _may_still_talk(row, locked):
                held.let_in(row, by=None)
            else:
                held.turn_away(row, by=None)
    return len(waiting)


def reschedule(room: Room, *, seconds: int) -> None:
    """After the room's delay was changed to `seconds`: holds for what waits already."""
    waiting = HeldMessage.objects.filter(room=room, review=Review.WAITING, due_at__isnull=False)
    waiting.update(due_at=F("held_at") + timedelta(seconds=seconds))


def _may_still_talk(row: HeldMessage, room: Room) -> bool:
    now = clock.to_ms(clock.now())
    stream = row.room.stream
    return room.timeouts.get(str(row.author_id), 0) <= now and streaming_access.may_see(row.author, stream)

"""Stored reactions, for replays: how many of each kind in each second of the class."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from chat.models import ReactionCount, Room

PAGE = 1000
UNKNOWN_SECOND = 0

_ADD = """
INSERT INTO chat_reactioncount (room_id, kind, "second", "count") VALUES {rows}
ON CONFLICT (room_id, "second", kind) DO UPDATE SET "count" = chat_reactioncount."count" + excluded."count"
"""


@dataclass(frozen=True, slots=True)
class Page:
    counts: list[ReactionCount]
    next_after: int | None


def add(room_id: str, counts: Mapping[tuple[str, int], int]) -> None:
    """Adds counts by (kind, second), in one statement. Does nothing for a room that is gone."""
    room = Room.objects.filter(stream__room_id=room_id).values_list("pk", flat=True).first()
    if room is None or not counts:
        return
    # Sorted: two processes that add to the same rows take their locks in the same order.
    rows = sorted((second, kind, count) for (kind, second), count in counts.items())
    given = [value for second, kind, count in rows for value in (room, kind, second, count)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(rows))), given)


def page(room: Room, *, after: int | None = None) -> Page:
    """A page of whole seconds, in order. `after`: only later ones. What has no second comes first."""
    rows = ReactionCount.objects.filter(room=room).order_by("second", "kind")
    if after is not None:
        rows = rows.filter(second__gt=after)
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return Page(found, None)
    cut = found[-1].second
    shown = [row for row in found if row.second < cut]
    return Page(shown, shown[-1].second)

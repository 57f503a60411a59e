"""The bell: what a person's open pages hear. Every event may be lost; the list in the database is the truth."""

import asyncio
import logging
from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db.models import Count

from notifications.models import Notification
from notifications.protocol import Frame, NotificationFrame, UnreadFrame

log = logging.getLogger(__name__)
_AT_ONCE = 50

type Post = tuple[int, list[Frame]]  # a person's id and what their pages hear


def group_of(user_id: int) -> str:
    return f"me-{user_id}"


def frame(notification: Notification) -> NotificationFrame:
    return {
        "type": "notification",
        "id": notification.pk,
        "kind": notification.kind,
        "title": notification.title,
        "body": notification.body,
        "url": notification.url,
        "created_at": notification.created_at.isoformat(),
    }


def unread(user_id: int) -> int:
    return Notification.objects.filter(user_id=user_id, in_app=True, read_at=None).count()


def ring(notifications: Iterable[Notification]) -> None:
    """Pushes each to its person's open pages, with the number of unread ones."""
    told = list(notifications)
    if told:
        counts = _unread_of({notification.user_id for notification in told})
        _send([(one.user_id, [frame(one), _count(counts.get(one.user_id, 0))]) for one in told])


def recount(user_id: int) -> None:
    """Pushes the number of unread ones after some were read in one of the open pages."""
    _send([(user_id, [_count(unread(user_id))])])


def _count(number: int) -> UnreadFrame:
    return {"type": "unread", "count": number}


def _unread_of(user_ids: set[int]) -> dict[int, int]:
    rows = Notification.objects.filter(user_id__in=user_ids, in_app=True, read_at=None)
    return dict(rows.values_list("user_id").annotate(number=Count("pk")))


def _send(posts: list[Post]) -> None:
    try:
        async_to_sync(_send_all)(posts)
    except Exception:  # the list in the database is the truth, a deaf bell must not undo it
        log.exception("The bell could not be rung for %d people.", len(posts))


async def _send_all(posts: list[Post]) -> None:
    layer = get_channel_layer()
    for start in range(0, len(posts), _AT_ONCE):
        await asyncio.gather(
            *(
                layer.group_send(group_of(user_id), {"type": "bell.frames", "frames": frames})
                for user_id, frames in posts[start : start + _AT_ONCE]
            )
        )

"""Reading what one was told."""

from django.db.models import QuerySet

from accounts.models import User
from fitfriends.core import clock, errors
from notifications.domain import bell
from notifications.models import Notification


def of(user: User) -> QuerySet[Notification]:
    """Newest first."""
    return Notification.objects.filter(user=user, in_app=True).order_by("-id")


def unread_count(user: User) -> int:
    return bell.unread(user.pk)


def read(notification_id: int, *, user: User) -> Notification:
    """Marks one as read; a second time keeps the first time."""
    notification = of(user).filter(pk=notification_id).first()
    if notification is None:
        raise errors.NotFound
    if of(user).filter(pk=notification_id, read_at=None).update(read_at=clock.now()):
        notification.refresh_from_db(fields=["read_at"])
        bell.recount(user.pk)
    return notification


def read_all(user: User) -> int:
    """Returns how many were unread until now."""
    changed = of(user).filter(read_at=None).update(read_at=clock.now())
    if changed:
        bell.recount(user.pk)
    return changed

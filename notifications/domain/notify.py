"""The one way to tell people something."""

from collections.abc import Iterable
from functools import partial

from celery import current_app
from django.db import transaction

from accounts.models import User
from fitfriends.core import clock
from fitfriends.core.text import clean_line, clean_text
from notifications.domain import bell, preferences
from notifications.enums import Kind
from notifications.models import Notification

MAIL_OCCASION = "notifications.tasks.mail_occasion"
_BATCH = 500


@transaction.atomic
def tell(
    users: Iterable[User], *, kind: Kind, occasion: str, title: str, body: str = "", url: str = ""
) -> list[Notification]:
    """Tells each active person once per occasion, however often it is reported; returns what is new.

    Respects everybody's wishes. After commit the bell rings and mail is queued, so nobody hears of what was
    rolled back. `occasion` names the event, for instance `stream:456:live`; `url` is a path on this site.
    """
    ids = {user.pk for user in users if user.is_active}
    wishes = preferences.wishes_for(kind, ids)
    told = set(Notification.objects.filter(occasion=occasion, user_id__in=ids).values_list("user_id", flat=True))
    at = clock.now()
    rows = [
        Notification(
            user_id=user_id,
            kind=kind,
            occasion=occasion,
            title=clean_line(title, 200),
            body=clean_text(body, 2000),
            url=url,
            in_app=wish.in_app,
            by_mail=wish.email,
            created_at=at,
        )
        for user_id, wish in wishes.items()
        if user_id not in told and (wish.in_app or wish.email)
    ]
    if not rows:
        return []
    # Two reports at once: the constraint keeps one row, and each mail is claimed before it is sent.
    Notification.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    fresh = list(Notification.objects.filter(occasion=occasion, user_id__in=[row.user_id for row in rows]))
    transaction.on_commit(partial(_deliver, fresh, occasion), robust=True)
    return fresh


def _deliver(fresh: list[Notification], occasion: str) -> None:
    if any(notification.by_mail for notification in fresh):
        current_app.send_task(MAIL_OCCASION, (occasion,))
    bell.ring([notification for notification in fresh if notification.in_app])

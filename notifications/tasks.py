"""What notifications does later."""

from celery import Task, shared_task

from fitfriends.core import errors

_RETRIES = 6


@shared_task(name="notifications.tasks.mail_occasion")
def mail_occasion(occasion: str) -> None:
    """One task per mail: a slow or refused one holds up nobody else's retry."""
    from notifications.domain import mail  # -- leaf

    for notification_id in mail.unmailed(occasion):
        mail_notification.delay(notification_id)


@shared_task(
    name="notifications.tasks.mail_notification", bind=True, max_retries=_RETRIES, throws=(errors.Unavailable,)
)
def mail_notification(self: "Task[[int], None]", notification_id: int) -> None:
    """Tries again after 30 s, 1 min, 2 min ... while the mail server says "later"."""
    from notifications.domain import mail  # -- leaf

    try:
        mail.send_notification(notification_id)
    except mail.MailLater as error:
        raise self.retry(exc=error, countdown=30 * 2**self.request.retries) from error

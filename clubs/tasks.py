"""What clubs does later."""

from celery import Task, shared_task

from fitfriends.core import errors

_RETRIES = 8


@shared_task(name="clubs.tasks.mail_invitation", bind=True, max_retries=_RETRIES, throws=(errors.Unavailable,))
def mail_invitation(self: "Task[[int], None]", invitation_id: int) -> None:
    from clubs.domain import invitations  # -- leaf
    from notifications.domain.mail import MailLater  # -- leaf

    try:
        invitations.deliver(invitation_id)
    except MailLater as error:
        raise self.retry(exc=error, countdown=30 * 2**self.request.retries) from error

"""What accounts does later."""

from celery import shared_task


@shared_task(name="accounts.tasks.note_uses")
def note_uses() -> None:
    from accounts.domain import tokens  # -- leaf

    tokens.note_uses()

"""What accounts does later."""

from datetime import datetime

from celery import shared_task


@shared_task(name="accounts.tasks.note_use")
def note_use(token_id: int, at: str) -> None:
    from accounts.domain import tokens  # -- leaf

    tokens.note_use(token_id, at=datetime.fromisoformat(at))

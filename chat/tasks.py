"""Background work of the chat."""

from celery import shared_task


@shared_task(name="chat.tasks.retention")
def retention() -> None:
    """Runs hourly. The next run finishes one that was cut short."""
    from chat.domain import retention as keeping  # -- leaf
    from fitfriends.core import clock  # -- leaf

    keeping.forget_old(clock.now())


@shared_task(name="chat.tasks.tell_mentioned")
def tell_mentioned(message_id: int) -> None:
    from chat.domain import mentions  # -- leaf

    mentions.tell(message_id)

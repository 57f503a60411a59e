"""What the talk does later."""

from celery import shared_task


@shared_task(name="chat.tasks.retention")
def retention() -> None:
    """Hourly; a run that is cut short is finished by the next."""
    from chat.domain import retention as keeping  # -- leaf
    from fitfriends.core import clock  # -- leaf

    keeping.forget_old(clock.now())


@shared_task(name="chat.tasks.tell_mentioned")
def tell_mentioned(message_id: int) -> None:
    from chat.domain import mentions  # -- leaf

    mentions.tell(message_id)

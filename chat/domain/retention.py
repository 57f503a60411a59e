"""Deletes messages and interactions some time after their class, batch by batch.

Reports keep their evidence until they are closed, and as long again; the log of who kept order stays.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Model, QuerySet

from chat.models import HeldMessage, Message, Poll, Question, ReactionCount, Report

BATCH = 1000


def forget_old(now: datetime) -> int:
    """Deletes what was said, asked, voted and shown in classes that ended before the retention time, and reports that
    were closed before it. Each batch is a transaction of its own. Repeatable. Returns how many rows went.
    """
    if not settings.CHAT_RETENTION_DAYS:
        return 0
    before = now - timedelta(days=settings.CHAT_RETENTION_DAYS)
    old = {"room__stream__ended_at__lt": before}
    return (
        _forget(HeldMessage.objects.filter(**old))
        + _forget(Message.objects.filter(**old))
        + _forget(Question.objects.filter(**old))
        + _forget(Poll.objects.filter(**old))
        + _forget(ReactionCount.objects.filter(**old))
        + _forget(Report.objects.closed_before(before))
    )


def in_words() -> str:
    """What a club's owner is told about it."""
    days = settings.CHAT_RETENTION_DAYS
    if not days:
        return "What is said in a class is kept for as long as the club exists."
    return f"What is said in a class is kept for {days} days after it. Open reports keep what they need for longer."


def _forget[M: Model](rows: QuerySet[M]) -> int:
    gone = 0
    while batch := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model._default_manager.filter(pk__in=batch).delete()  # noqa: SLF001 -- Django's own way
        gone += len(batch)
    return gone

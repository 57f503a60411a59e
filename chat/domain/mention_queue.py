"""Whoever is called by name is told later: posting does not wait for it."""

import logging

import kombu.exceptions
import redis.exceptions
from django.db import transaction

from chat.models import Message

log = logging.getLogger(__name__)


def queue(message: Message) -> None:
    """Once committed; a message that calls nobody costs nothing."""
    if "@" in message.text:
        transaction.on_commit(lambda: _hand_over(message.pk))


def _hand_over(message_id: int) -> None:
    from chat.tasks import tell_mentioned

    try:
        tell_mentioned.delay(message_id)
    except (kombu.exceptions.OperationalError, redis.exceptions.RedisError):  # a lost call is not a lost message
        log.warning("Nobody is told who is called in message %d: Redis does not answer.", message_id, exc_info=True)

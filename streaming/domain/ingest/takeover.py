"""A second device takes over with the same key, after the class's owner said so; see ADR 0017.

The word is good for one connection and two minutes. Without it a second encoder is refused, whatever it holds.
"""

from datetime import datetime, timedelta

from django.db import transaction
from redis.exceptions import RedisError

from accounts.models import User
from fitfriends.core import clock, redis
from streaming import errors
from streaming.domain import lifecycle
from streaming.models import Stream, StreamEvent
from streaming.models.stream import new_ingest_name

ALLOWED = "takeover_allowed"
TAKEN_OVER = "taken_over"
SECONDS = 120

_NOTE = "Another device took over, as you allowed."


def allow(stream: Stream, *, actor: User) -> datetime:
    """The next encoder that connects with the key replaces the one that is there. Until when; again: anew.

    Conflict when nobody broadcasts: then the other device may simply start.
    """
    if not stream.is_open:
        raise errors.Ended
    if not stream.ingest_client_id:
        raise errors.NobodyBroadcasts
    redis.client().set(_key(stream), stream.ingest_client_id, ex=SECONDS)
    StreamEvent.objects.create(stream=stream, kind=ALLOWED, actor=actor)
    return clock.now() + timedelta(seconds=SECONDS)


def is_allowed(stream: Stream) -> bool:
    """Whether the next one may take the place of the publisher that is connected. Raises Redis' errors."""
    return bool(stream.ingest_client_id) and redis.client().get(_key(stream)) == stream.ingest_client_id


def use(stream: Stream, *, client_id: str, bridged: bool = False) -> Stream | None:
    """Puts this connection in the place of the one that it was allowed for. None: nobody allowed it."""
    try:
        replaced = redis.client().getdel(_key(stream))
    except RedisError:
        return None
    current = Stream.objects.get(pk=stream.pk)
    if not replaced or replaced != current.ingest_client_id:
        return None
    return _replace(current, client_id, bridged=bridged)


@transaction.atomic
def _replace(stream: Stream, client_id: str, *, bridged: bool) -> Stream:
    # Under a name of its own: the ingest still holds the old connection, until its next update is refused.
    Stream.objects.filter(pk=stream.pk).update(ingest_name=new_ingest_name())
    lifecycle.signal_lost(stream, client_id=stream.ingest_client_id, note=_NOTE)
    StreamEvent.objects.create(stream=stream, kind=TAKEN_OVER)
    return lifecycle.publish(stream, client_id=client_id, bridged=bridged)


def _key(stream: Stream) -> str:
    return redis.key("ingest", "takeover", stream.pk)

"""What the RTMP ingest asks and reports: who may publish, who still may, who is gone.

Its calls come twice, late and out of order. Each names its connection by a client id, and only the connected
publisher's reports count. Whoever is refused an update is cut: that is how a broadcast is ended.
"""

import contextlib
import re

from redis.exceptions import RedisError

from fitfriends.core import client_address, clock, errors, redis
from streaming import errors as stream_errors
from streaming.domain import access, lifecycle
from streaming.domain.ingest import keys, takeover
from streaming.models import Stream, StreamEvent, StreamKey
from streaming.signals import stream_changed

REFUSED = "ingest_refused"
# Unknown keys that one address may try in a minute.
MAX_UNKNOWN_A_MINUTE = 20
# The ingest asks every two seconds; a publisher unheard for this long is gone, though nobody said so.
SILENCE_SECONDS = 10

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_HEARD = redis.key("ingest", "heard")


class Malformed(errors.Invalid):
    code = "stream:ingest:malformed"
    message = "This is no call of the ingest."


class Cut(errors.NotAllowed):
    code = "stream:ingest:cut"
    message = "This connection is not the class's publisher any more."


def publish(key: str, *, client_id: str, address: str, bridged: bool = False) -> str:
    """Lets a publisher in; returns the internal name, so that nothing downstream knows the key.

    Raises KeyGuessing, KeyUnknown, KeyInUse, Ended or Malformed. The same connection again gets the same answer.
    """
    _check(client_id)
    source = client_address.digest(address)
    _check_guesses(source)
    found = keys.find(key)
    if found is None:
        _count_guess(source)
        raise stream_errors.KeyUnknown
    stream = found.stream
    # Not counted: it was a good key once. Its holder teaches here no more, or the class has another instructor.
    if found.holder is None or not access.may_see_key(found.holder, stream):
        raise stream_errors.KeyUnknown
    try:
        lifecycle.publish(stream, client_id=client_id, bridged=bridged)
    except stream_errors.KeyInUse:
        successor = takeover.use(stream, client_id=client_id, bridged=bridged)
        if successor is None:
            _note_intruder(stream)
            raise
        stream = successor
    _mark_heard(stream)
    return stream.ingest_name


def update(key: str, *, client_id: str) -> None:
    """Returns while this connection may go on; raises KeyUnknown or Cut to end it."""
    found = _known(key, client_id)
    if found.stream.ingest_client_id != client_id or found.holder_id != found.stream.group_session.instructor_id:
        raise Cut
    _mark_heard(found.stream)


def publish_done(key: str, *, client_id: str) -> None:
    """The connection is gone. One that is not the connected publisher, or of an old key: nothing."""
    with contextlib.suppress(stream_errors.KeyUnknown):
        lifecycle.signal_lost(_known(key, client_id).stream, client_id=client_id)


def is_silent(stream: Stream) -> bool:
    """Whether the connected publisher was not heard for too long. One never heard starts its time now."""
    now = clock.to_ms(clock.now())
    client, field = redis.client(), _field(stream)
    heard = client.hget(_HEARD, field)
    if heard is None:
        client.hset(_HEARD, field, now)
        return False
    return now - int(heard) > SILENCE_SECONDS * 1000


def forget(stream: Stream) -> None:
    redis.client().hdel(_HEARD, _field(stream))


def _check(client_id: str) -> None:
    if not _CLIENT_ID.match(client_id):
        raise Malformed


def _known(key: str, client_id: str) -> StreamKey:
    _check(client_id)
    found = keys.find(key)
    if found is None:
        raise stream_errors.KeyUnknown
    return found


def _field(stream: Stream) -> str:
    return str(stream.pk)


def _mark_heard(stream: Stream) -> None:
    # A Redis that does not answer ends no broadcast.
    with contextlib.suppress(RedisError):
        redis.client().hset(_HEARD, _field(stream), clock.to_ms(clock.now()))


def _guesses_key(source: str) -> str:
    return redis.key("ingest", "guesses", source)


def _check_guesses(source: str) -> None:
    with contextlib.suppress(RedisError):
        if int(redis.client().get(_guesses_key(source)) or 0) >= MAX_UNKNOWN_A_MINUTE:
            raise stream_errors.KeyGuessing


def _count_guess(source: str) -> None:
    with contextlib.suppress(RedisError):
        pipeline = redis.client().pipeline()
        pipeline.incr(_guesses_key(source))
        pipeline.expire(_guesses_key(source), 60)
        pipeline.execute()


def _note_intruder(stream: Stream) -> None:
    """The instructor is told when, for the words stay while her own signal goes on."""
    at = clock.now()
    note = (
        f"At {at:%H:%M} UTC a second encoder tried your key and was refused. "
        "If it was you, let it take over; if not, change the key."
    )
    StreamEvent.objects.create(stream=stream, kind=REFUSED, at=at, note="key in use")
    if Stream.objects.open().filter(pk=stream.pk).update(signal_note=note):
        stream_changed.send_robust(sender=Stream, stream=Stream.objects.get(pk=stream.pk))

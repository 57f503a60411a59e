"""Stream keys: encrypted at rest, found by a keyed digest, every reveal on record."""

import re

from django.db import transaction

from accounts.models import User
from fitfriends.core import clock, crypto
from fitfriends.core.ids import new_stream_key
from streaming import errors
from streaming.domain import lifecycle
from streaming.models import Stream, StreamEvent, StreamKey
from streaming.models.stream import new_ingest_name

_PURPOSE = "stream-key"
_GRAMMAR = re.compile(r"[a-z0-9]{6}(-[a-z0-9]{6}){3}\Z")

REVEALED = "key_revealed"
ROTATED = "key_rotated"


def issue(stream: Stream) -> str:
    """The first key of a stream, for its instructor. Call in the transaction that makes the stream."""
    plain = new_stream_key()
    StreamKey.objects.create(stream=stream, holder_id=stream.group_session.instructor_id, **_stored(plain))
    return plain


@transaction.atomic
def reveal(stream: Stream, *, actor: User) -> str:
    """Shows the key to the class's instructor and puts that on record. The caller checks access.may_see_key.

    A class that was given to another instructor gets a new key here: the old one's opens nothing.
    """
    key = StreamKey.objects.select_for_update().get(stream=stream)
    if key.holder_id != actor.pk:
        return rotate(stream, actor=actor)
    StreamEvent.objects.create(stream=stream, kind=REVEALED, actor=actor)
    return read(key)


def read(key: StreamKey) -> str:
    """In plain, for our own processes; whoever shows it to a person calls reveal()."""
    return crypto.decrypt(key.encrypted, purpose=_PURPOSE)


@transaction.atomic
def rotate(stream: Stream, *, actor: User | None) -> str:
    """A new key at once; whoever broadcasts with the old one is cut. Ended streams: Conflict.

    Also the way to take a stream over from a frozen encoder: the new name lets the next one in before the ingest has
    given up on the old one.
    """
    current = Stream.objects.select_for_update().select_related("group_session").get(pk=stream.pk)
    if not current.is_open:
        raise errors.Ended
    if current.ingest_client_id:
        lifecycle.signal_lost(current, client_id=current.ingest_client_id)
    plain, at = new_stream_key(), clock.now()
    stored = _stored(plain) | {"holder_id": current.group_session.instructor_id, "rotated_at": at}
    StreamKey.objects.update_or_create(stream=current, defaults=stored)
    Stream.objects.filter(pk=current.pk).update(ingest_name=new_ingest_name())
    StreamEvent.objects.create(stream=current, kind=ROTATED, actor=actor, at=at)
    return plain


def find(plain: str) -> StreamKey | None:
    """The key's row with its stream, class and holder; None for what is no key. One query at most."""
    if not _GRAMMAR.match(plain):
        return None
    digest = crypto.digest(plain, purpose=_PURPOSE)
    return StreamKey.objects.select_related("stream__group_session", "holder").filter(digest=digest).first()


def _stored(plain: str) -> dict[str, object]:
    return {
        "digest": crypto.digest(plain, purpose=_PURPOSE),
        "encrypted": crypto.encrypt(plain, purpose=_PURPOSE),
    }

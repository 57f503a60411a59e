"""Finds streams as somebody sees them: row, class and the reader's class role in one query."""

from dataclasses import dataclass

from django.db import models
from django.db.models import OuterRef, Subquery

from accounts.domain.access import Viewer
from accounts.models import User
from clubs.models import Membership
from fitfriends.core.ids import is_room_id
from fitfriends.core.prepared import Prepared, Slot
from streaming import errors
from streaming.domain import access
from streaming.enums import ClassRole
from streaming.models import Stream
from streaming.querysets import StreamQuerySet

_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class VisibleStream:
    """A stream and what its reader is to it."""

    stream: Stream
    class_role: ClassRole


def visible(user: Viewer) -> StreamQuerySet:
    """Streams the person may know of, with the class and its club, and `reader_role`."""
    return _with_role(Stream.objects.visible_to(user), user)


def _with_role(streams: StreamQuerySet, user: Viewer) -> StreamQuerySet:
    memberships = Membership.objects.of(user).filter(club_id=OuterRef("group_session__club_id"))
    role = memberships.in_class(OuterRef(OuterRef("group_session_id"))).values("class_role")[:1]
    return streams.select_related("group_session__club").annotate(reader_role=Subquery(role))


def as_visible(user: Viewer, stream: Stream) -> VisibleStream:
    """For a row of visible()."""
    role: str | None = getattr(stream, "reader_role", None)
    class_role = access.class_role_with(user, stream.group_session, role)
    if class_role is None:
        raise errors.NoSuchStream
    return VisibleStream(stream, class_role)


def by_id(user: Viewer, stream_id: int) -> VisibleStream:
    """Raises NoSuchStream also for one that exists but is not for this person."""
    if not 0 < stream_id <= _BIGGEST_ID:
        raise errors.NoSuchStream
    return _found(user, _BY_ID.first(reader=user.pk, stream=stream_id))


def by_room(user: Viewer, room_id: str) -> VisibleStream:
    if not is_room_id(room_id):
        raise errors.NoSuchStream
    return _found(user, _BY_ROOM.first(reader=user.pk, room=room_id))


def _found(user: Viewer, stream: Stream | None) -> VisibleStream:
    if stream is None:
        raise errors.NoSuchStream
    return as_visible(user, stream)


# Not visible(): one row is judged by its reader's class role, which says the same (a test compares the two) and is
# quicker. Both columns are unique: nothing to sort.
def _one(**which: Slot) -> StreamQuerySet:
    reader = User(pk=Slot("reader", models.BigIntegerField()))
    return _with_role(Stream.objects.filter(**which), reader).order_by()


_BY_ID = Prepared(lambda: _one(pk=Slot("stream", models.BigIntegerField())))
_BY_ROOM = Prepared(lambda: _one(room_id=Slot("room", models.CharField())))

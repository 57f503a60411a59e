"""Streams are made for a class, changed, and found again by it."""

from django.db import IntegrityError, transaction

from accounts.models import User
from clubs.enums import SessionStatus
from clubs.models import GroupSession
from fitfriends.core import clock
from fitfriends.core.text import clean_text, required_line
from streaming import errors
from streaming.domain import deadlines
from streaming.domain.ingest import keys
from streaming.domain.watching import viewer_slots
from streaming.enums import Mode, Quality
from streaming.models import Stream, StreamEvent
from streaming.signals import stream_changed

CREATED = "created"
CHANGED = "changed"
DEFAULT_MAX_VIEWERS = 50
TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 4000


def create(
    session: GroupSession,
    *,
    actor: User,
    title: str,
    description: str = "",
    max_viewers: int = DEFAULT_MAX_VIEWERS,
    quality: Quality = Quality.AUTO,
    mode: Mode = Mode.BROADCAST,
) -> tuple[Stream, str]:
    """The stream and its key, in plain for this once. The caller checks access.may_schedule.

    Conflict: the class is cancelled or over, or has an open stream. A key that goes to the class's instructor is on
    record as revealed.
    """
    title = required_line(title, TITLE_LENGTH, field="stream_title")
    if session.status == SessionStatus.CANCELLED:
        raise errors.ClassCancelled
    if deadlines.hard_stop_at(session) <= clock.now():
        raise errors.ClassOver
    try:
        with transaction.atomic():
            stream = Stream.objects.create(
                group_session=session,
                title=title,
                description=clean_text(description, DESCRIPTION_LENGTH),
                max_viewers=max_viewers,
                quality=quality,
                mode=mode,
                created_by=actor,
            )
            key = keys.issue(stream)
            kinds = [CREATED, keys.REVEALED] if actor.pk == session.instructor_id else [CREATED]
            for kind in kinds:
                StreamEvent.objects.create(stream=stream, kind=kind, actor=actor)
    except IntegrityError as error:
        if Stream.objects.open().filter(group_session=session).exists():
            raise errors.Exists from error
        raise
    return stream, key


def change(
    stream: Stream,
    *,
    actor: User,
    title: str | None = None,
    description: str | None = None,
    max_viewers: int | None = None,
    quality: Quality | None = None,
    mode: Mode | None = None,
) -> Stream:
    """Changes what is given. Ended: Conflict. Quality counts from the next signal on; nobody loses a slot.

    The mode counts at once: in a broadcast members who watch by WebRTC lose it.
    """
    if not stream.is_open:
        raise errors.Ended
    changes: dict[str, object] = {}
    if title is not None:
        changes["title"] = required_line(title, TITLE_LENGTH, field="stream_title")
    if description is not None:
        changes["description"] = clean_text(description, DESCRIPTION_LENGTH)
    if max_viewers is not None:
        changes["max_viewers"] = max_viewers
    if quality is not None:
        changes["quality"] = quality
    if mode is not None and mode != stream.mode:
        changes["mode"] = mode
    if not changes:
        return stream
    with transaction.atomic():
        if not Stream.objects.open().filter(pk=stream.pk).update(**changes, updated_at=clock.now()):
            raise errors.Ended
        StreamEvent.objects.create(stream=stream, kind=CHANGED, actor=actor, note=", ".join(changes))
        transaction.on_commit(lambda: _follow(stream), robust=True)
    stream.refresh_from_db(fields=list(changes))
    return stream


def _follow(stream: Stream) -> None:
    stream_changed.send_robust(sender=Stream, stream=stream)
    viewer_slots.resize(stream.room_id, slots=stream.max_viewers)

"""The class that is live in the demo, with a real key for its synthetic instructor."""

from accounts.models import User
from clubs.models import GroupSession
from streaming.domain import lifecycle, scheduling
from streaming.enums import Quality, State
from streaming.models import Stream


def open_doors(session: GroupSession, teacher: User) -> tuple[Stream, str]:
    """A fresh stream whose doors are open, and its key.

    An open one of an earlier start is ended first: its publisher is gone, and nobody was there to see it go.
    """
    for stale in Stream.objects.open().filter(group_session=session):
        close = lifecycle.cancel if stale.state == State.SCHEDULED else lifecycle.end
        close(stale, actor=teacher)
    stream, key = scheduling.create(
        session,
        actor=teacher,
        title=session.title,
        description=session.description,
        max_viewers=500,
        quality=Quality.HD,
    )
    return lifecycle.start(stream, actor=teacher), key

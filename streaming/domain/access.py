"""Who may do what with a stream. The API, the pages, the sockets and the verdict all ask here.

Every predicate that selects rows has a queryset twin in streaming/querysets.py; a test proves they agree.
"""

from clubs.domain import access as clubs_access
from clubs.models import GroupSession
from clubs.querysets import Person
from streaming.models import Stream


def may_see(user: Person, stream: Stream) -> bool:
    """Know that it exists, enter its lobby, read its talk."""
    return clubs_access.may_see_session(user, stream.group_session)


def may_run(user: Person, stream: Stream) -> bool:
    """Start, end, change, cancel, preview: its instructor, the club's owners, operators."""
    return clubs_access.may_manage_session(user, stream.group_session)


def may_watch(user: Person, stream: Stream) -> bool:
    """See the picture: members once the doors are open."""
    return stream.doors_open and may_see(user, stream)


def may_see_key(user: Person, stream: Stream) -> bool:
    """The key is its instructor's alone; not even the owner broadcasts in her name."""
    return (
        user.is_authenticated
        and user.pk == stream.group_session.instructor_id
        and clubs_access.may_manage_session(user, stream.group_session)
    )


def may_schedule(user: Person, session: GroupSession) -> bool:
    """Create a stream for the class."""
    return clubs_access.may_manage_session(user, session)

"""Who may do what with a stream. The API, the pages, the sockets and the verdict all ask here.

Why was this viewer refused? The rule is one of these, or a full class (watching/admission.py), or a token that counts
no more (watching/verdicts.py); the log has a line with the code of it (refusals.py).

Every predicate that selects rows has a queryset twin in streaming/querysets.py; a test proves they agree.
"""

from accounts.domain.access import Viewer
from clubs.domain import access as clubs_access
from clubs.enums import Role
from clubs.models import GroupSession
from streaming.enums import ClassRole
from streaming.models import Stream


def class_role_with(user: Viewer, session: GroupSession, role: str | None) -> ClassRole | None:
    """What the person is to the class, given the role that it sees. None: a stranger, an ex-member, one it banned."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.pk == session.instructor_id and (user.is_staff or role in (Role.OWNER, Role.INSTRUCTOR)):
        return ClassRole.INSTRUCTOR
    if user.is_staff:
        return ClassRole.OPERATOR
    if role == Role.OWNER:
        return ClassRole.OWNER
    if role == Role.MODERATOR:
        return ClassRole.MODERATOR
    return ClassRole.MEMBER if role else None


def class_role(user: Viewer, stream: Stream) -> ClassRole | None:
    """The same, with the role asked of the database: one query."""
    membership = clubs_access.class_membership(stream.group_session, user)
    return class_role_with(user, stream.group_session, membership.role if membership else None)


def may_see(user: Viewer, stream: Stream) -> bool:
    """Know that it exists, enter its lobby, read its talk."""
    return class_role(user, stream) is not None


def may_run(user: Viewer, stream: Stream) -> bool:
    """Start, end, change, cancel, preview: its instructor, the club's owners, operators."""
    found = class_role(user, stream)
    return found is not None and found.runs


def may_watch(user: Viewer, stream: Stream) -> bool:
    """See the picture: members once the doors are open."""
    return stream.doors_open and may_see(user, stream)


def may_see_key(user: Viewer, stream: Stream) -> bool:
    """The key is its instructor's alone; not even the owner broadcasts in her name."""
    found = class_role(user, stream)
    return found is not None and found.broadcasts


def may_schedule(user: Viewer, session: GroupSession) -> bool:
    """Create a stream for the class."""
    return clubs_access.may_manage_session(user, session)

"""What happens in open rooms when somebody's rights in a club end, and when a class is called off."""

import contextlib

from clubs.models import GroupSession, Membership
from streaming import errors
from streaming.domain import access, lifecycle
from streaming.domain.ingest import keys
from streaming.domain.watching import playback
from streaming.enums import State
from streaming.models import Stream


def review(membership: Membership) -> None:
    """Takes away, in every open room of the club, what this person may no longer have. Repeatable."""
    user = membership.user
    streams = Stream.objects.open().filter(group_session__club_id=membership.club_id).select_related("group_session")
    for stream in streams:
        class_role = access.class_role(user, stream)
        if class_role is None:
            playback.remove(user.pk, stream)
        elif not class_role.runs:
            # The token of somebody who ran the class takes no slot: they join again, as a member.
            playback.leave(user.pk, stream)
        if stream.group_session.instructor_id == user.pk and not (class_role and class_role.broadcasts):
            _lose_instructor(stream)


def cancel_streams(session: GroupSession) -> None:
    """The class was called off: its stream too; one that is running ends."""
    for stream in Stream.objects.open().filter(group_session=session).select_related("group_session"):
        try:
            lifecycle.cancel(stream, actor=None)
        except errors.AlreadyStarted:
            lifecycle.end_by_club(stream)


def _lose_instructor(stream: Stream) -> None:
    """A running class ends. One still to come stays for a successor; the old key opens nothing any more."""
    with contextlib.suppress(errors.Ended):
        if stream.state in (State.SCHEDULED, State.PREVIEW):
            keys.rotate(stream, actor=None)
        else:
            lifecycle.end_by_club(stream)

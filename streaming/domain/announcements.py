"""Tells those who signed up for a class that it is live."""

from django.db.models import Exists, OuterRef

from accounts.models import User
from clubs.models import Membership, Participation
from notifications.domain import notify
from notifications.enums import Kind
from streaming.models import Stream


def announce_live(stream: Stream) -> int:
    """Each participant once, as they wish to be told. Returns how many were told now."""
    session = stream.group_session
    takes_part = Participation.objects.filter(group_session=session, user=OuterRef("pk"), cancelled_at=None)
    belongs = Membership.objects.active().filter(club_id=session.club_id, user=OuterRef("pk"))
    people = User.objects.filter(Exists(takes_part), Exists(belongs), is_active=True).exclude(
        pk=session.instructor_id
    )
    told = notify.tell(
        people,
        kind=Kind.STREAM_LIVE,
        occasion=f"stream:{stream.pk}:live",
        title=f"{stream.title} is live",
        body=f"{session.instructor} has started. Come in while there is room.",
        url=f"/classes/{session.pk}",
    )
    return len(told)

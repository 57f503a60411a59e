"""What those in a room are called, and what they are to its class."""

from collections.abc import Collection

from accounts.models import User
from chat import text as words
from chat.protocol import Person
from clubs.models import Membership
from streaming.domain import access as streaming_access
from streaming.enums import Standing
from streaming.models import Stream


def named(stream: Stream, user_ids: Collection[int]) -> dict[int, Person]:
    """Two queries."""
    session = stream.group_session
    memberships = Membership.objects.active().filter(club_id=session.club_id, user_id__in=user_ids)
    roles = dict(memberships.in_class(session.pk).values_list("user_id", "class_role"))
    found: dict[int, Person] = {}
    for user in User.objects.filter(pk__in=user_ids):
        standing = streaming_access.standing_with(user, session, roles.get(user.pk))
        found[user.pk] = {
            "user_id": user.pk,
            "username": words.clean_name(str(user)),
            "role": str(standing or Standing.MEMBER),
        }
    return found

"""What those in a room are called, and what they are to its class."""

from collections.abc import Collection, Iterator

from accounts.models import User
from chat import text as words
from chat.protocol import Person
from clubs.models import Membership
from streaming.domain import access as streaming_access
from streaming.enums import Standing
from streaming.models import Stream


def named(stream: Stream, user_ids: Collection[int]) -> dict[int, Person]:
    """Two queries."""
    return {
        user.pk: {
            "user_id": user.pk,
            "username": words.clean_name(str(user)),
            "role": str(standing or Standing.MEMBER),
        }
        for user, standing in _standings(stream, user_ids)
    }


def belonging(stream: Stream, user_ids: Collection[int]) -> frozenset[int]:
    """Who of them belongs to the class now, as streaming's access says of each. Two queries."""
    return frozenset(user.pk for user, standing in _standings(stream, user_ids) if standing is not None)


def _standings(stream: Stream, user_ids: Collection[int]) -> Iterator[tuple[User, Standing | None]]:
    session = stream.group_session
    memberships = Membership.objects.active().filter(club_id=session.club_id, user_id__in=user_ids)
    roles = dict(memberships.in_class(session.pk).values_list("user_id", "class_role"))
    for user in User.objects.filter(pk__in=user_ids):
        yield user, streaming_access.standing_with(user, session, roles.get(user.pk))

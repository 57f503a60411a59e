"""Names and class roles of the people in a room."""

from collections.abc import Collection

from accounts.models import User
from chat.frames import text_cleaning
from chat.frames.room import PersonFrame
from chat.limits import NAME_CHARACTERS
from clubs.models import Membership
from streaming.domain import access as streaming_access
from streaming.enums import ClassRole
from streaming.models import Stream


def name_of(user: User) -> str:
    """As it is stored beside what somebody wrote or did: on one line and never empty."""
    return text_cleaning.clean_name(str(user))[:NAME_CHARACTERS]


def named(stream: Stream, user_ids: Collection[int]) -> dict[int, PersonFrame]:
    """Name and role of each. Two queries. People who lost every right meanwhile are named as members."""
    return {
        user.pk: PersonFrame(user_id=user.pk, username=name_of(user), role=str(standing or ClassRole.MEMBER))
        for user, standing in _standings(stream, user_ids)
    }


def entitled(stream: Stream, user_ids: Collection[int]) -> set[int]:
    """Those of them who may be in the room. Two queries."""
    return {user.pk for user, standing in _standings(stream, user_ids) if standing is not None}


def _standings(stream: Stream, user_ids: Collection[int]) -> list[tuple[User, ClassRole | None]]:
    session = stream.group_session
    memberships = Membership.objects.active().filter(club_id=session.club_id, user_id__in=user_ids)
    roles = dict(memberships.in_class(session.pk).values_list("user_id", "class_role"))
    people = User.objects.filter(pk__in=user_ids)
    return [(user, streaming_access.class_role_with(user, session, roles.get(user.pk))) for user in people]

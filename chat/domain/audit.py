"""The log of what moderators did; rows are written once and never changed."""

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.models import User
from chat.domain.people import name_of
from chat.enums import Act
from chat.limits import REASON_CHARACTERS, TITLE_CHARACTERS
from chat.models import Action, Message, Room
from clubs.models import Club
from fitfriends.core.text import clean_text
from streaming.models import Stream


def write(
    act: Act,
    room: Room,
    *,
    actor: User,
    target: User | None = None,
    message: Message | None = None,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> Action:
    """Writes down what was done in a room. Call it inside the transaction that does it."""
    return write_for_club(
        act,
        room.stream.group_session.club_id,
        stream=room.stream,
        class_title=room.stream.title,
        actor=actor,
        target=target,
        message=message,
        reason=reason,
        details=details,
    )


def write_for_club(
    act: Act,
    club_id: int,
    *,
    actor: User,
    stream: Stream | None = None,
    class_title: str = "",
    target: User | None = None,
    message: Message | None = None,
    reason: str = "",
    details: Mapping[str, object] | None = None,
) -> Action:
    """As `write`, for what is done outside a room."""
    return Action.objects.create(
        act=act,
        club_id=club_id,
        stream=stream,
        class_title=class_title[:TITLE_CHARACTERS],
        actor=actor,
        actor_name=name_of(actor),
        target=target,
        target_name=name_of(target) if target else "",
        message=message,
        reason=clean_text(reason, REASON_CHARACTERS),
        details=dict(details or {}),
    )


def of_club(club: Club) -> QuerySet[Action]:
    """Newest first; the caller has asked who may read it."""
    return Action.objects.filter(club=club).order_by("-pk")

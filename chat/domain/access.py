"""Who may read, talk and delete. Everything about the class itself is asked of streaming."""

from datetime import timedelta
from enum import IntEnum

from accounts.domain.access import Viewer, is_operator
from accounts.models import User
from chat.domain.room_settings import Speaker
from chat.errors import NoSuchRoom, NotInRoom, NotModerator, Outranked, RulesUnread, TalkClosed
from chat.models import Message
from clubs.domain import access as clubs_access
from clubs.enums import Role
from fitfriends.core import clock
from streaming.domain import access as streaming_access
from streaming.models import Stream

# The socket stays for goodbyes to be read; after that the API shows what was said.
STAYS_OPEN = timedelta(hours=1)


class Rank(IntEnum):
    """The ladder: a moderator acts on people of a lower rank, never on equals or above.

    A colleague who teaches other classes has no say in this one's talk, and its moderators none over them.
    """

    MEMBER = 0
    HELPER = 1
    INSTRUCTOR = 2
    OWNER = 3
    OPERATOR = 4


def may_read(user: Viewer, stream: Stream) -> bool:
    """Read what was said, for as long as it is kept."""
    return streaming_access.may_see(user, stream)


def is_over(stream: Stream) -> bool:
    """The room is closed: the class ended a while ago."""
    return stream.ended_at is not None and clock.now() > stream.ended_at + STAYS_OPEN


def may_enter(user: Viewer, stream: Stream) -> bool:
    """Open a socket: from the lobby until a while after the end."""
    return not is_over(stream) and may_read(user, stream)


def may_talk(user: Viewer, stream: Stream) -> bool:
    """Lobby, class and interruption; after the end the talk is read-only."""
    return stream.is_open and may_read(user, stream)


def may_delete(user: Viewer, message: Message) -> bool:
    """Its author while still in the club, and moderators of a higher rank than its author; also after the end."""
    if message.author_id is not None and message.author_id == user.pk:
        return may_read(user, message.room.stream)
    return may_moderate(user, message.room.stream) and _is_below(message.author, user, message.room.stream)


def may_restore(user: Viewer, message: Message) -> bool:
    """Who could have taken it back, unless somebody above took it."""
    stream = message.room.stream
    if message.author_id == user.pk or not may_delete(user, message):
        return False
    return message.deleted_by is None or rank_of(message.deleted_by, stream) <= rank_of(user, stream)


def may_moderate(user: Viewer, stream: Stream) -> bool:
    """Moderate this room: its instructor, its moderators, the club's owners and moderators, operators."""
    role = streaming_access.class_role(user, stream)
    return role is not None and role.moderates


def rank_of(user: Viewer, stream: Stream) -> Rank:
    """A stranger ranks as a member: somebody who left may still be banned."""
    if is_operator(user):
        return Rank.OPERATOR
    membership = clubs_access.class_membership(stream.group_session, user)
    role = membership.role if membership else None
    if role == Role.OWNER:
        return Rank.OWNER
    if role == Role.INSTRUCTOR:
        return Rank.INSTRUCTOR if stream.group_session.instructor_id == user.pk else Rank.HELPER
    return Rank.HELPER if role == Role.MODERATOR else Rank.MEMBER


def require_moderator(user: Viewer, stream: Stream) -> None:
    """Raises NoSuchRoom for whoever may not know of the room, NotModerator for its other readers."""
    role = streaming_access.class_role(user, stream)
    if role is None:
        raise NoSuchRoom
    if not role.moderates:
        raise NotModerator


def require_runs(user: Viewer, stream: Stream) -> None:
    """As require_moderator, for what only those who run the class do."""
    require_moderator(user, stream)
    if not streaming_access.may_run(user, stream):
        raise NotModerator


def require_outranks(user: Viewer, target: Viewer, stream: Stream) -> None:
    """Raises as require_moderator, and Outranked."""
    require_moderator(user, stream)
    if not _is_below(target, user, stream):
        raise Outranked


def _is_below(target: Viewer | None, user: Viewer, stream: Stream) -> bool:
    """An account that is gone is below everybody."""
    return target is None or rank_of(target, stream) < rank_of(user, stream)


def require_entry(user: Viewer, stream: Stream) -> None:
    """Raises NoSuchRoom or NotInRoom unless may_enter."""
    if not may_enter(user, stream):
        raise NoSuchRoom if is_over(stream) else NotInRoom


def require_talker(user: User, stream: Stream) -> Speaker:
    """What the speaker is to the class; raises NotInRoom or TalkClosed unless may_talk. One query."""
    membership = clubs_access.class_membership(stream.group_session, user)
    role = streaming_access.class_role_with(user, stream.group_session, membership.role if membership else None)
    if role is None:
        raise NotInRoom
    if not stream.is_open:
        raise TalkClosed
    knows_rules = role.moderates or membership is None or membership.knows_rules
    return Speaker(user.pk, role, membership.joined_at if membership else None, knows_rules)


def require_speaker(user: User, stream: Stream) -> Speaker:
    """The same for words, which somebody new says after reading the house rules. Raises RulesUnread besides."""
    speaker = require_talker(user, stream)
    if not speaker.knows_rules:
        raise RulesUnread
    return speaker

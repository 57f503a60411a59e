"""Who may read, talk and delete. Everything about the class itself is asked of streaming."""

from datetime import timedelta

from chat.errors import NoSuchRoom, NotInRoom, TalkClosed
from chat.models import Message
from clubs.querysets import Person
from fitfriends.core import clock
from streaming.domain import access as streaming_access
from streaming.enums import Standing
from streaming.models import Stream

# The socket stays for goodbyes to be read; after that the API shows what was said.
STAYS_OPEN = timedelta(hours=1)


def may_read(user: Person, stream: Stream) -> bool:
    """Read what was said, for as long as it is kept."""
    return streaming_access.may_see(user, stream)


def is_over(stream: Stream) -> bool:
    """The room's doors are shut: the class ended a while ago."""
    return stream.ended_at is not None and clock.now() > stream.ended_at + STAYS_OPEN


def may_enter(user: Person, stream: Stream) -> bool:
    """Open a socket: from the lobby until a while after the end."""
    return not is_over(stream) and may_read(user, stream)


def may_talk(user: Person, stream: Stream) -> bool:
    """Lobby, class and interruption; after the end the talk is read-only."""
    return stream.is_open and may_read(user, stream)


def may_delete(user: Person, message: Message) -> bool:
    """Its author while still in the club, and whoever runs the class; also after the end."""
    standing = streaming_access.standing(user, message.room.stream)
    if standing is None:
        return False
    return standing.runs or (message.author_id is not None and message.author_id == user.pk)


def require_entry(user: Person, stream: Stream) -> None:
    """Raises NoSuchRoom or NotInRoom unless may_enter."""
    if not may_enter(user, stream):
        raise NoSuchRoom if is_over(stream) else NotInRoom


def require_talker(user: Person, stream: Stream) -> Standing:
    """What the speaker is to the class; raises NotInRoom or TalkClosed unless may_talk. One query."""
    standing = streaming_access.standing(user, stream)
    if standing is None:
        raise NotInRoom
    if not stream.is_open:
        raise TalkClosed
    return standing

"""What each command of the interactions does, on the event loop's side."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from chat.domain import room_settings
from chat.domain.participants import Participant
from chat.domain.room_state import RoomState
from chat.errors import CheeringOneself, NoSuchRoom, TalkClosed
from chat.frames import interactions
from chat.frames.media_time import bounded
from chat.interactions import handlers
from chat.interactions.listener import Listener
from chat.interactions.state import InteractionsState
from chat.threads import in_thread
from fitfriends.core import clock
from fitfriends.core.frames import Frame

_asked = in_thread(handlers.ask)


class LiveRoom(Protocol):
    """What the commands need of the room; chat/realtime/room.py has one."""

    interactions: InteractionsState
    state: RoomState | None

    @property
    def timeouts(self) -> Mapping[int, int]:
        """By user id, milliseconds since 1970."""


async def _react(room: LiveRoom, connection: Listener, command: interactions.React) -> None:
    """From memory alone: a thousand taps a second ask neither database nor Redis."""
    _require_may_react(room, connection)
    moment = _moment(room, command.media_time)
    room.interactions.reactions.react(connection.participant, command.reaction.value, moment)


async def _cheer(room: LiveRoom, connection: Listener, command: interactions.Cheer) -> None:
    _require_may_react(room, connection)
    if command.user_id == connection.participant.user_id:
        raise CheeringOneself
    moment = _moment(room, command.media_time)
    await room.interactions.reactions.cheer(connection.participant, command.user_id, moment)


async def _ask(_: LiveRoom, connection: Listener, command: interactions.Ask) -> None:
    connection.say(await _asked(connection.participant, command))


async def _vote(room: LiveRoom, connection: Listener, command: interactions.CastVote) -> None:
    await room.interactions.votes.cast(command.id, connection.participant.user_id, command.option)
    connection.say(interactions.Voted(id=command.id, option=command.option))


async def _vote_question(room: LiveRoom, connection: Listener, command: interactions.VoteQuestion) -> None:
    await room.interactions.question_votes.cast(command.id, connection.participant.user_id, int(command.voted))
    connection.say(interactions.QuestionVoted(id=command.id, voted=command.voted))


def _require_may_react(room: LiveRoom, connection: Listener) -> None:
    """Raises TalkClosed or TimedOut."""
    if room.state is None:
        raise NoSuchRoom
    if room.state.ended:
        raise TalkClosed
    room_settings.require_no_timeout(room.timeouts, connection.participant.user_id, at=clock.now())


def _moment(room: LiveRoom, media_time: int | None) -> int | None:
    started = room.state.staff.started_at if room.state else None
    return bounded(media_time, started_at=datetime.fromisoformat(started) if started else None, at=clock.now())


def _told_by_the_room[C](
    act: Callable[[Participant, C], None],
) -> Callable[[LiveRoom, Listener, C], Awaitable[None]]:
    """A command without an answer of its own: the room tells everybody, the sender among them."""
    threaded = in_thread(act)

    async def run(_: LiveRoom, connection: Listener, command: C) -> None:
        await threaded(connection.participant, command)

    return run


COMMANDS: dict[type[Frame], Callable[[LiveRoom, Listener, Any], Awaitable[None]]] = {
    interactions.React: _react,
    interactions.Cheer: _cheer,
    interactions.OpenPoll: _told_by_the_room(handlers.open_poll),
    interactions.ClosePoll: _told_by_the_room(handlers.close_poll),
    interactions.CastVote: _vote,
    interactions.RaiseHand: _told_by_the_room(handlers.raise_hand),
    interactions.LowerHand: _told_by_the_room(handlers.lower_hand),
    interactions.Ask: _ask,
    interactions.VoteQuestion: _vote_question,
    interactions.MarkQuestion: _told_by_the_room(handlers.mark_question),
}

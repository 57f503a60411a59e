"""What each command beside the talk does, on the event loop's side."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from chat.domain import rules
from chat.errors import CheeringOneself, NoSuchRoom, TalkClosed
from chat.frames import interactions
from chat.frames.media_time import bounded
from chat.interactions import handlers
from chat.realtime.connection import Connection, Participant
from chat.realtime.room import HubRoom
from chat.realtime.threads import in_thread
from fitfriends.core import clock

_asked = in_thread(handlers.ask)


async def _react(room: HubRoom, member: Connection, command: interactions.React) -> None:
    """From memory alone: a thousand taps a second ask neither database nor Redis."""
    _require_may_show(room, member)
    room.floor.pulse.react(member.visitor, command["reaction"], _moment(room, command.get("media_time")))


async def _cheer(room: HubRoom, member: Connection, command: interactions.Cheer) -> None:
    _require_may_show(room, member)
    if command["user_id"] == member.visitor.user_id:
        raise CheeringOneself
    await room.floor.pulse.cheer(member.visitor, command["user_id"], _moment(room, command.get("media_time")))


async def _ask(_: HubRoom, member: Connection, command: interactions.Ask) -> None:
    member.say(await _asked(member.visitor, command))


async def _vote(room: HubRoom, member: Connection, command: interactions.CastVote) -> None:
    await room.floor.votes.cast(command["id"], member.visitor.user_id, command["option"])
    member.say({"type": "voted", "id": command["id"], "option": command["option"]})


async def _vote_question(room: HubRoom, member: Connection, command: interactions.VoteQuestion) -> None:
    await room.floor.question_votes.cast(command["id"], member.visitor.user_id, int(command["voted"]))
    member.say({"type": "question_voted", "id": command["id"], "voted": command["voted"]})


def _require_may_show(room: HubRoom, member: Connection) -> None:
    """Raises TalkClosed or TimedOut."""
    if room.state is None:
        raise NoSuchRoom
    if room.state.ended:
        raise TalkClosed
    rules.require_no_timeout(room.desk.timeouts, member.visitor.user_id, at=clock.now())


def _moment(room: HubRoom, media_time: int | None) -> int | None:
    started = room.state.staff.started_at if room.state else None
    return bounded(media_time, started_at=datetime.fromisoformat(started) if started else None, at=clock.now())


def _told_by_the_room[C](
    act: Callable[[Participant, C], None],
) -> Callable[[HubRoom, Connection, C], Awaitable[None]]:
    """What everybody hears needs no answer."""
    crossed = in_thread(act)

    async def obeyed(_: HubRoom, member: Connection, command: C) -> None:
        await crossed(member.visitor, command)

    return obeyed


COMMANDS: dict[str, Callable[[HubRoom, Connection, Any], Awaitable[None]]] = {
    "react": _react,
    "cheer": _cheer,
    "open_poll": _told_by_the_room(handlers.open_poll),
    "close_poll": _told_by_the_room(handlers.close_poll),
    "vote": _vote,
    "raise_hand": _told_by_the_room(handlers.raise_hand),
    "lower_hand": _told_by_the_room(handlers.lower_hand),
    "ask": _ask,
    "vote_question": _vote_question,
    "mark_question": _told_by_the_room(handlers.mark_question),
}

"""What each command beside the talk does, on the event loop's side."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from chat import floor, floor_handlers
from chat.crossing import crossing
from chat.domain import rules
from chat.errors import CheeringOneself, NoSuchRoom, TalkClosed
from chat.hub_room import HubRoom
from chat.media_time import bounded
from chat.member import Member, Visitor
from chat.protocol import Frame
from fitfriends.core import clock

_cheered = crossing(floor_handlers.cheered)


async def _react(room: HubRoom, member: Member, command: floor.React) -> None:
    """From memory alone: a thousand taps a second ask neither database nor Redis."""
    _require_may_show(room, member)
    room.floor.pulse.react(member.visitor, command["reaction"], _moment(room, command.get("media_time")))


async def _cheer(room: HubRoom, member: Member, command: floor.Cheer) -> None:
    _require_may_show(room, member)
    if command["user_id"] == member.visitor.user_id:
        raise CheeringOneself
    room.floor.pulse.require_cheer(member.visitor)
    person = await _cheered(member.visitor, command["user_id"])
    room.floor.pulse.cheer(member.visitor, person, _moment(room, command.get("media_time")))


def _require_may_show(room: HubRoom, member: Member) -> None:
    """Raises TalkClosed or TimedOut."""
    if room.state is None:
        raise NoSuchRoom
    if room.state.ended:
        raise TalkClosed
    rules.require_no_timeout(room.desk.timeouts, member.visitor.user_id, at=clock.now())


def _moment(room: HubRoom, media_time: int | None) -> int | None:
    started = room.state.staff["started_at"] if room.state else None
    return bounded(media_time, started_at=datetime.fromisoformat(started) if started else None, at=clock.now())


def _told_by_the_room[C](act: Callable[[Visitor, C], None]) -> Callable[[HubRoom, Member, C], Awaitable[None]]:
    """What everybody hears needs no answer."""
    crossed = crossing(act)

    async def obeyed(_: HubRoom, member: Member, command: C) -> None:
        await crossed(member.visitor, command)

    return obeyed


def _answered[C](act: Callable[[Visitor, C], Frame]) -> Callable[[HubRoom, Member, C], Awaitable[None]]:
    crossed = crossing(act)

    async def obeyed(_: HubRoom, member: Member, command: C) -> None:
        member.say(await crossed(member.visitor, command))

    return obeyed


COMMANDS: dict[str, Callable[[HubRoom, Member, Any], Awaitable[None]]] = {
    "react": _react,
    "cheer": _cheer,
    "open_poll": _told_by_the_room(floor_handlers.open_poll),
    "close_poll": _told_by_the_room(floor_handlers.close_poll),
    "vote": _answered(floor_handlers.vote),
    "raise_hand": _told_by_the_room(floor_handlers.raise_hand),
    "lower_hand": _told_by_the_room(floor_handlers.lower_hand),
    "ask": _answered(floor_handlers.ask),
    "vote_question": _answered(floor_handlers.vote_question),
    "mark_question": _told_by_the_room(floor_handlers.mark_question),
}

"""What each command of a client does, on the event loop's side."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

import redis
from django.db import DatabaseError

from chat.domain import rules
from chat.errors import NotInRoom, ProtocolError, Wait
from chat.frames.held import AcceptRules
from chat.frames.registry import Close, Command, DeleteMessage, Ping, Resync, SendMessage, refusal
from chat.interactions import commands
from chat.realtime import handlers, housekeeping
from chat.realtime.connection import Connection, Participant
from chat.realtime.room import HubRoom
from chat.realtime.threads import in_thread
from fitfriends.core import clock, errors

_post = in_thread(handlers.chat_message)
_delete = in_thread(handlers.delete_message)
_restore = in_thread(handlers.restore_message)
_pin = in_thread(handlers.pin_message)
_unpin = in_thread(handlers.unpin_message)
_moderate = in_thread(handlers.moderate)
_change_settings = in_thread(handlers.change_settings)
_resync = in_thread(handlers.resync)
_accept_rules = in_thread(handlers.accept_rules)


async def obey(room: HubRoom, member: Connection, command: Command) -> None:
    """A refusal goes to the sender alone; the room goes on."""
    client_id = cast("str | None", command.get("client_id"))
    try:
        await _COMMANDS[command["type"]](room, member, command)
    except NotInRoom:
        member.close(Close.FORBIDDEN)
    except errors.DomainError as error:
        until = error.until if isinstance(error, Wait) else None
        member.say(refusal(error.code, error.message, client_id, until=until))
    except (DatabaseError, redis.RedisError):
        lost = errors.Unavailable()
        member.say(refusal(lost.code, lost.message, client_id))


def refuse(member: Connection, error: ProtocolError) -> bool:
    """Tells the sender what was wrong; False when it was a fault that counts against the socket."""
    member.say(refusal(error.code, error.message, error.client_id))
    if error.code == "chat:frame:too-big":
        member.close(Close.TOO_BIG)
    return not error.fault or member.is_closing()


async def _chat_message(room: HubRoom, member: Connection, command: SendMessage) -> None:
    # What this process knows spares the database the attempts of somebody who is held; the posting decides.
    rules.require_no_timeout(room.desk.timeouts, member.visitor.user_id, at=clock.now())
    known = await _post(member.visitor, command)
    if known and known["type"] == "chat_message":
        room.repeat(member, known)
    elif known:
        member.say(known)


async def _delete_message(_: HubRoom, member: Connection, command: DeleteMessage) -> None:
    await _delete(member.visitor, command)


def _order[C](
    act: Callable[[Participant, C], Awaitable[None]],
) -> Callable[[HubRoom, Connection, C], Awaitable[None]]:
    """What keeps order is told to all by the room itself."""

    async def obeyed(_: HubRoom, member: Connection, command: C) -> None:
        await act(member.visitor, command)

    return obeyed


async def _catch_up(room: HubRoom, member: Connection, command: Resync) -> None:
    room.hold(member)
    missed = None
    try:
        missed = await _resync(member.visitor, command)
    finally:
        room.catch_up(member, missed)


async def _read_rules(_: HubRoom, member: Connection, command: AcceptRules) -> None:
    member.say(await _accept_rules(member.visitor, command))


async def _pong(room: HubRoom, member: Connection, _: Ping) -> None:
    member.say({"type": "pong", "server_time": clock.to_ms(clock.now())})
    await housekeeping.seen(room, member)


_COMMANDS: dict[str, Callable[[HubRoom, Connection, Any], Awaitable[None]]] = {
    "chat_message": _chat_message,
    "delete_message": _delete_message,
    "resync": _catch_up,
    "ping": _pong,
    "restore_message": _order(_restore),
    "pin_message": _order(_pin),
    "unpin_message": _order(_unpin),
    "moderate": _order(_moderate),
    "change_settings": _order(_change_settings),
    "accept_rules": _read_rules,
    **commands.COMMANDS,
}

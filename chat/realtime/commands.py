"""What each command of a client does, on the event loop's side."""

from collections.abc import Awaitable, Callable
from typing import Any

import redis
from django.db import DatabaseError

from chat.domain import room_settings
from chat.domain.participants import Participant
from chat.errors import NotInRoom, ProtocolError, Wait
from chat.frames.held import AcceptRules
from chat.frames.moderation import ChangeSettings, Moderate, PinMessage, RestoreMessage, UnpinMessage
from chat.frames.registry import Close, Command
from chat.frames.room import ChatMessage, DeleteMessage, Ping, Pong, Refused, Resync, SendMessage
from chat.interactions import commands
from chat.realtime import handlers, housekeeping
from chat.realtime.connection import Connection
from chat.realtime.room import HubRoom
from chat.threads import in_thread
from fitfriends.core import clock, errors
from fitfriends.core.frames import Frame

_post = in_thread(handlers.chat_message)
_delete = in_thread(handlers.delete_message)
_restore = in_thread(handlers.restore_message)
_pin = in_thread(handlers.pin_message)
_unpin = in_thread(handlers.unpin_message)
_moderate = in_thread(handlers.moderate)
_change_settings = in_thread(handlers.change_settings)
_resync = in_thread(handlers.resync)
_accept_rules = in_thread(handlers.accept_rules)


async def run(room: HubRoom, connection: Connection, command: Command) -> None:
    """Runs one command. A refusal goes to the sender alone."""
    client_id = getattr(command, "client_id", None)
    try:
        await _COMMANDS[type(command)](room, connection, command)
    except NotInRoom:
        connection.close(Close.FORBIDDEN)
    except errors.DomainError as error:
        until = error.until if isinstance(error, Wait) else None
        connection.say(Refused(code=error.code, message=error.message, client_id=client_id, until=until))
    except (DatabaseError, redis.RedisError):
        lost = errors.Unavailable()
        connection.say(Refused(code=lost.code, message=lost.message, client_id=client_id, until=None))


def refuse(connection: Connection, error: ProtocolError) -> bool:
    """Tells the sender what was wrong; False when it was a fault that counts against the socket."""
    connection.say(Refused(code=error.code, message=error.message, client_id=error.client_id, until=None))
    if error.code == "chat:frame:too-big":
        connection.close(Close.TOO_BIG)
    return not error.fault or connection.is_closing()


async def _chat_message(room: HubRoom, connection: Connection, command: SendMessage) -> None:
    # What this process knows spares the database the attempts of somebody who is held; the posting decides.
    room_settings.require_no_timeout(room.timeouts, connection.participant.user_id, at=clock.now())
    known = await _post(connection.participant, command)
    if isinstance(known, ChatMessage):
        room.repeat(connection, known)
    elif known:
        connection.say(known)


async def _delete_message(_: HubRoom, connection: Connection, command: DeleteMessage) -> None:
    await _delete(connection.participant, command)


def _moderation[C](
    act: Callable[[Participant, C], Awaitable[None]],
) -> Callable[[HubRoom, Connection, C], Awaitable[None]]:
    """A command without an answer of its own: the room tells everybody, the sender among them."""

    async def run(_: HubRoom, connection: Connection, command: C) -> None:
        await act(connection.participant, command)

    return run


async def _catch_up(room: HubRoom, connection: Connection, command: Resync) -> None:
    room.hold(connection)
    missed = None
    try:
        missed = await _resync(connection.participant, command)
    finally:
        room.catch_up(connection, missed)


async def _read_rules(_: HubRoom, connection: Connection, command: AcceptRules) -> None:
    connection.say(await _accept_rules(connection.participant, command))


async def _pong(room: HubRoom, connection: Connection, _: Ping) -> None:
    connection.say(Pong(server_time=clock.to_ms(clock.now())))
    await housekeeping.seen(room, connection)


_COMMANDS: dict[type[Frame], Callable[[HubRoom, Connection, Any], Awaitable[None]]] = {
    SendMessage: _chat_message,
    DeleteMessage: _delete_message,
    Resync: _catch_up,
    Ping: _pong,
    RestoreMessage: _moderation(_restore),
    PinMessage: _moderation(_pin),
    UnpinMessage: _moderation(_unpin),
    Moderate: _moderation(_moderate),
    ChangeSettings: _moderation(_change_settings),
    AcceptRules: _read_rules,
    **commands.COMMANDS,
}

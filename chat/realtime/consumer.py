"""The room socket: who may come in, what each command does, and leaving."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import redis
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from chat.domain.participants import Participant
from chat.errors import NoSuchRoom, NotInRoom, ProtocolError
from chat.frames import text_cleaning
from chat.frames.registry import Close, parse
from chat.realtime import commands, housekeeping, transport
from chat.realtime.connection import CLOSING_SECONDS, Connection
from chat.realtime.hub import hub
from chat.realtime.room import HubRoom
from fitfriends.core import asgi, clock
from fitfriends.core.errors import DomainError
from fitfriends.core.frame_rate import FrameRate
from fitfriends.core.ids import is_room_id
from streaming.domain import refusals
from streaming.domain.tokens import signing

log = logging.getLogger(__name__)

PROTOCOL = "ffc.chat"


class RoomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels is not typed
    """Has no channel of its own, the hub has one for all, and no thread hop for a frame, only commands need one."""

    channel_layer_alias = "none"  # the hub listens for all sockets of this process
    connection: Connection | None = None
    room: HubRoom | None = None

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        self.scope = scope
        self.base_send = send
        self.frame_rate = FrameRate()
        try:
            async with asyncio.timeout(None) as self.patience:
                while True:
                    await self.dispatch(await receive())
        except (StopConsumer, TimeoutError):
            pass
        finally:
            await self.leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "websocket.connect":
                await self.connect()
            case "websocket.receive":
                await self.receive(message.get("text"), message.get("bytes"))
            case "websocket.disconnect":
                raise StopConsumer

    async def connect(self) -> None:
        """Accepts before refusing: a browser learns a close code only from an accepted socket."""
        await self.accept(asgi.chosen_protocol(self.scope, PROTOCOL))
        try:
            token = self._token()
            participant = Participant(
                token.room_id, token.user_id, text_cleaning.clean_name(token.name), str(token.standing), token.runs
            )
            self.connection = Connection(
                participant, self.base_send, give_up=self._end_within, transport=transport.of_scope(self.scope)
            )
            # The hub first, the rights second: a removal in between reaches the connection.
            self.room = await hub().enter(self.connection)
            snapshot = await self.room.snapshot()
            await hub().admission.check(self.connection, token, snapshot)
            await self.room.interactions.ready()
            if not snapshot.state.ended:
                await hub().admission.announce(self.connection)
            if self.room.presence is None:
                await housekeeping.count(self.room)
            self.room.admit(self.connection, snapshot)
        except signing.Refused as error:
            await self._refuse(Close.UNAUTHORISED, error)
        except NoSuchRoom as error:
            await self._refuse(Close.UNKNOWN_ROOM, error)
        except NotInRoom as error:
            await self._refuse(Close.FORBIDDEN, error)
        except (DatabaseError, redis.RedisError):
            await self._refuse(Close.INTERNAL)

    def _token(self) -> signing.RoomToken:
        """Raises NoSuchRoom or tokens.Refused."""
        room_id: str = self.scope["url_route"]["kwargs"]["room_id"]
        if not is_room_id(room_id):
            raise NoSuchRoom
        return signing.read_room(asgi.socket_token(self.scope), room_id=room_id, at=clock.now())

    async def _refuse(self, code: Close, error: DomainError | None = None) -> None:
        """Closes by the connection where there is one, which then takes neither frames nor commands."""
        if error is not None:
            user_id = self.connection.participant.user_id if self.connection else None
            refusals.note("talk", error.code, room=self.scope["url_route"]["kwargs"]["room_id"], user_id=user_id)
        if self.connection:
            self.connection.close(code)
        else:
            self._end_within(CLOSING_SECONDS)
            await self.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        room, connection = self.room, self.connection
        if room is None or connection is None or connection.is_closing():
            return
        if not self.frame_rate.frame():
            connection.close(Close.FLOOD)
            return
        try:
            found = parse(text_data)
        except ProtocolError as fault:
            found = [fault]
        for number, command in enumerate(found):
            if connection.is_closing():
                return
            if number and not self.frame_rate.frame():  # an array is no way around the limit
                connection.close(Close.FLOOD)
            elif not isinstance(command, ProtocolError):
                await commands.run(room, connection, command)
            elif not commands.refuse(connection, command) and not self.frame_rate.fault():
                connection.close(Close.MALFORMED)

    async def leave(self) -> None:
        """Takes the connection out of its room and of presence, however the socket ended."""
        if self.connection is None or self.room is None:
            return
        self.connection.drop()
        self.room.leave(self.connection)
        hub().admission.forget(self.connection)
        try:
            await housekeeping.gone(self.connection)
            self.room.interactions.left(self.connection.participant)
        except redis.RedisError:
            log.warning("A socket is gone and Redis does not answer: its entry expires by itself.")

    def _end_within(self, seconds: float) -> None:
        """Ends the consumer in time even when the client does not take the close frame."""
        self.patience.reschedule(asyncio.get_running_loop().time() + seconds)

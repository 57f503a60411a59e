"""The room socket: who may come in, what each command does, and leaving."""

import asyncio
import logging

import redis
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
from fitfriends.core.asgi import Receive, Scope, Send
from fitfriends.core.errors import DomainError
from fitfriends.core.frame_rate import FrameRate
from fitfriends.core.ids import is_room_id
from streaming.domain import refusals
from streaming.domain.tokens import signing

log = logging.getLogger(__name__)

PROTOCOL = "ffc.chat"


async def room_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """The socket as an ASGI application."""
    await RoomConsumer(scope, send).run(receive)


class RoomConsumer:
    """One socket. The hub has one channel for all of them; only commands cross to a thread."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.send = scope, send
        self.room_id: str = scope["url_route"]["kwargs"]["room_id"]
        self.frame_rate = FrameRate()
        self.connection: Connection | None = None
        self.room: HubRoom | None = None

    async def run(self, receive: Receive) -> None:
        """From the connection to its end, however that comes."""
        try:
            async with asyncio.timeout(None) as self.deadline:
                while True:
                    message = await receive()
                    if message["type"] == "websocket.connect":
                        await self._connect()
                    elif message["type"] == "websocket.receive":
                        await self._receive(message.get("text"))
                    else:
                        break
        except TimeoutError:
            log.info("A client did not take its close frame in time.")
        finally:
            await self._leave()

    async def _connect(self) -> None:
        """Accepts before refusing: a browser learns a close code only from an accepted socket."""
        chosen = asgi.chosen_protocol(self.scope, PROTOCOL)
        await self.send({"type": "websocket.accept", "subprotocol": chosen})
        try:
            token = self._token()
            participant = Participant(
                token.room_id, token.user_id, text_cleaning.clean_name(token.name), str(token.class_role), token.runs
            )
            self.connection = Connection(
                participant, self.send, give_up=self._end_within, transport=transport.of_scope(self.scope)
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
        """Raises NoSuchRoom or signing.Refused."""
        if not is_room_id(self.room_id):
            raise NoSuchRoom
        return signing.read_room(asgi.socket_token(self.scope), room_id=self.room_id, at=clock.now())

    async def _refuse(self, code: Close, error: DomainError | None = None) -> None:
        """Closes by the connection where there is one, which then takes neither frames nor commands."""
        if error is not None:
            user_id = self.connection.participant.user_id if self.connection else None
            refusals.note("talk", error.code, room=self.room_id, user_id=user_id)
        if self.connection:
            self.connection.close(code)
        else:
            self._end_within(CLOSING_SECONDS)
            await self.send({"type": "websocket.close", "code": int(code)})

    async def _receive(self, text: str | None) -> None:
        """None stands for a binary frame."""
        room, connection = self.room, self.connection
        if room is None or connection is None or connection.is_closing():
            return
        if not self.frame_rate.frame():
            connection.close(Close.FLOOD)
            return
        try:
            found = parse(text)
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

    async def _leave(self) -> None:
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
        self.deadline.reschedule(asyncio.get_running_loop().time() + seconds)

"""The signalling socket: who may come in, frames in both directions, and leaving. docs/webrtc.md is the protocol."""

import asyncio
import contextlib
import logging

from fitfriends.core import asgi, clock, errors
from fitfriends.core.asgi import Receive, Scope, Send
from fitfriends.core.frames import type_of
from streaming.domain import refusals
from streaming.domain.tokens import signing
from streaming.errors import NoSuchStream
from streaming.webrtc import access, commands, handshake, turn
from streaming.webrtc.commands import Caller
from streaming.webrtc.errors import Flood, Malformed, TooBig
from streaming.webrtc.frame_rate import FrameRate
from streaming.webrtc.frame_reading import parse, sid_of
from streaming.webrtc.frames import Close, Command, Hello, Ping, Pong, Publish, Restart, Subscribe
from streaming.webrtc.hub import SILENT, Crowded, Revoked, hub
from streaming.webrtc.outbox import Outbox
from streaming.webrtc.room import SignallingRoom
from streaming.webrtc.session import SignallingSession

log = logging.getLogger(__name__)

# Clients ping every 2 s while they publish or watch.
SILENCE_SECONDS = 5.0
IDLE_SECONDS = 60.0
CLOSING_SECONDS = 3.0
# Commands that wait for the one before; a client waits for its answer, save with candidates.
WAITING_MOST = 40
_OPENINGS = (Publish, Subscribe, Restart)


async def signalling(scope: Scope, receive: Receive, send: Send) -> None:
    """The socket as an ASGI application."""
    await SignallingConsumer(scope, send).run(receive)


class SignallingConsumer:
    """One socket. Reads on while a command is being obeyed, so that a slow answer is no silence."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.base_send = scope, send
        self.caller: Caller | None = None
        self.is_over = False
        self.frame_rate, self.outbox = FrameRate(), Outbox(send)
        self.waiting: asyncio.Queue[Command] = asyncio.Queue(WAITING_MOST)

    async def run(self, receive: Receive) -> None:
        """From the connection to its end, however that comes."""
        work = [asyncio.create_task(self._write())]
        try:
            async with asyncio.timeout(IDLE_SECONDS) as self.patience:
                while True:
                    message = await receive()
                    if message["type"] == "websocket.connect":
                        await self._connect()
                        work.append(asyncio.create_task(self._obey()))
                    elif message["type"] == "websocket.receive":
                        self._take(message.get("text"))
                    else:
                        break
        except TimeoutError:
            await self._end_silent()
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            if self.caller is not None:
                await self.caller.hub.leave(self.caller.session)

    async def _connect(self) -> None:
        """Accepts before refusing: a browser learns a close code only from an accepted socket."""
        chosen = asgi.chosen_protocol(self.scope, handshake.PROTOCOL)
        await self.base_send({"type": "websocket.accept", "subprotocol": chosen})
        here = hub()
        try:
            session = SignallingSession(
                handshake.socket_token(self.scope), here.gateway, say=self.outbox.put, end=self._end
            )
            self.caller = Caller(here, session, handshake.client_of(self.scope))
            room = await here.enter(session)
        except signing.Refused as error:
            self._refuse(Close.UNAUTHORISED, error.code)
        except Revoked:
            self._refuse(Close.UNAUTHORISED, "token:revoked")
        except NoSuchStream as error:
            # Whoever holds a good token was told of the class once.
            self._refuse(Close.FORBIDDEN if self.caller else Close.UNKNOWN_ROOM, error.code)
        except Crowded:
            self._refuse(Close.FLOOD, Flood.code)
        except SILENT:
            self._end(Close.INTERNAL)
        else:
            if room.facts.ended:
                session.close(Close.UNKNOWN_ROOM)
            else:
                self._greet(session, room)

    def _refuse(self, close: Close, code: str) -> None:
        user_id = self.caller.session.token.user_id if self.caller else None
        refusals.note("webrtc", code, room=handshake.room_of(self.scope), user_id=user_id)
        self._end(close)

    def _greet(self, session: SignallingSession, room: SignallingRoom) -> None:
        at = clock.now()
        found = turn.servers_for(session.token.user_id, at=at)
        session.say(
            Hello(
                role=session.role.value,
                ice_servers=found.servers,
                ice_expires_at=clock.to_ms(found.expires_at),
                ready=session.told_ready,
                mode=room.facts.mode.value,
                limits=access.limits_of(room.facts),
                server_time=clock.to_ms(at),
            )
        )

    def _take(self, text: str | None) -> None:
        if self.caller is None or self.is_over:
            return
        session = self.caller.session
        self._expect_more(session)
        if not self.frame_rate.frame():
            session.close(Close.FLOOD)
            return
        try:
            command = parse(text)
            if isinstance(command, Ping):
                session.say(Pong(at=int(command.at)))
                return
            if isinstance(command, _OPENINGS) and not self.frame_rate.opening():
                session.refuse(Flood(), about=type_of(command))
                return
            self.waiting.put_nowait(command)
        except asyncio.QueueFull:
            session.close(Close.FLOOD)
        except errors.DomainError as error:
            self._fault(session, error, text)

    def _fault(self, session: SignallingSession, error: errors.DomainError, text: str | None) -> None:
        session.refuse(error, sid=sid_of(text) or "")
        if isinstance(error, TooBig):
            session.close(Close.TOO_BIG)
        elif isinstance(error, Malformed) and not self.frame_rate.fault():
            session.close(Close.MALFORMED)

    async def _obey(self) -> None:
        """One command after the other."""
        while self.caller is not None:
            command = await self.waiting.get()
            session = self.caller.session
            if session.is_closing:
                return
            about, sid = type_of(command), getattr(command, "sid", "")
            try:
                await commands.obey(self.caller, command)
            except NoSuchStream:
                session.close(Close.FORBIDDEN)
            except errors.DomainError as error:
                if about == "subscribe":
                    refusals.note("webrtc", error.code, room=session.token.room_id, user_id=session.token.user_id)
                session.refuse(error, about=about, sid=sid)
            except SILENT:
                session.refuse(errors.Unavailable(), about=about, sid=sid)
            except Exception:
                log.exception("A command of signalling failed.")
                session.close(Close.INTERNAL)
            self._expect_more(session)

    def _expect_more(self, session: SignallingSession) -> None:
        """A client that falls silent is gone, sooner while it has peers."""
        if not self.is_over:
            seconds = SILENCE_SECONDS if session.peers else IDLE_SECONDS
            self.patience.reschedule(asyncio.get_running_loop().time() + seconds)

    def _end(self, code: Close) -> None:
        """The client has a moment to take the close frame."""
        self.is_over = True
        self.outbox.close(code)
        self.patience.reschedule(asyncio.get_running_loop().time() + CLOSING_SECONDS)

    async def _end_silent(self) -> None:
        """Says so to a client that may hear though it does not speak."""
        if not self.is_over:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await self.base_send({"type": "websocket.close", "code": int(Close.SILENT)})

    async def _write(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # the connection is lost: the reading side ends
            await self.outbox.run()

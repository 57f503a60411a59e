"""One socket's outgoing side: bounded, spared what is old when its reader is slow, closed when it stays so."""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypedDict

from chat.domain.participants import Participant
from chat.frames.outgoing import Outgoing
from chat.frames.registry import Close, Outbound
from chat.frames.room import Refetch
from chat.realtime.transport import Transport
from fitfriends.core.frames import encode


class AsgiEvent(TypedDict, total=False):
    type: str
    text: str
    code: int
    subprotocol: str | None


type Send = Callable[[AsgiEvent], Awaitable[None]]

# What waits for a reader at most. Beyond it, it gets how things stand when it reads again, and asks for the rest.
QUEUE_FRAMES = 64
QUEUE_BYTES = 256 * 1024
REPLIES_KEPT = 16
# A reader that takes nothing for so long, or falls behind so often within a minute, is closed with 4408.
STALLED_SECONDS = 10.0
FALLS_A_MINUTE = 4
# A reader that does not even take the close frame is left after this long.
CLOSING_SECONDS = 3.0


class Backlog:
    """What a slow reader still gets: the last frame of each kind, and a few answers to its commands."""

    def __init__(self) -> None:
        self._last: dict[str, Outgoing] = {}
        self._replies: deque[Outgoing] = deque(maxlen=REPLIES_KEPT)

    def take(self, frame: Outgoing) -> None:
        if frame.kind == _REPLY:
            self._replies.append(frame)
        elif frame.kind:
            self._last.pop(frame.kind, None)
            self._last[frame.kind] = frame

    def frames(self) -> list[Outgoing]:
        """`refetch` comes last: a client that then asks for what it missed has seen all the rest."""
        return [*self._replies, *self._last.values(), _REFETCH]


_REPLY = "reply"
_REFETCH = Outgoing(encode(Refetch()))


class Connection:
    """Sends frames in the order they were offered. Never raises towards the room: a lost socket only falls silent."""

    def __init__(
        self,
        participant: Participant,
        send: Send,
        *,
        give_up: Callable[[float], None],
        transport: Transport | None = None,
    ) -> None:
        self.participant = participant
        self.conn_id = secrets.token_hex(6)
        self.checked = 0  # the round of housekeeping in which the database was last asked about this person
        self.after = 0  # has every numbered event up to here
        self._send = send
        self._give_up = give_up  # ends the consumer at the latest after this many seconds
        self._transport = transport
        self._queue: deque[Outgoing] = deque()  # for ASGI's send; a transport has its own
        self._queued_characters = 0
        self._writer: asyncio.Task[None] | None = None
        self._backlog: Backlog | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._falls: deque[float] = deque(maxlen=FALLS_A_MINUTE)
        self._code: int | None = None
        if transport is not None:
            transport.on_drained = self._recover

    def is_closing(self) -> bool:
        return self._code is not None

    def say(self, frame: Outbound) -> None:
        """Sends a frame to this connection alone."""
        self.offer(Outgoing(encode(frame), _REPLY))

    def offer(self, frame: Outgoing) -> None:
        """Sends a frame that others get too. A socket that is ready gets it before this returns."""
        if self._code is not None:
            return
        if self._backlog is not None:
            self._backlog.take(frame)
        elif self._transport is None:
            self._enqueue(frame)
        elif not self._transport.write(frame.framed, QUEUE_BYTES):
            self._fall_behind(frame)

    def close(self, code: int) -> None:
        """Closes after what is queued is sent. The first code counts."""
        if self._code is None:
            self._code = code
            self._settle()
            self._give_up(CLOSING_SECONDS)
            self._write()

    def drop(self) -> None:
        """Stops sending: the socket is gone. One that did not even take its close frame is cut."""
        was_closing = self._code is not None
        self._code = self._code or Close.INTERNAL
        self._settle()
        self._forget()
        if self._writer:
            self._writer.cancel()
        if self._transport is not None:
            self._transport.on_drained = None
            if was_closing and self._transport.waiting():
                self._transport.abort()

    # --- a slow reader ---------------------------------------------------------------------------------------
    def _fall_behind(self, frame: Outgoing) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        often = len(self._falls) == FALLS_A_MINUTE and now - self._falls[0] < 60
        self._falls.append(now)
        if often:
            self._forget()
            self.close(Close.TOO_SLOW)
            return
        self._backlog = Backlog()
        for waiting in [*self._queue, frame]:
            self._backlog.take(waiting)
        self._forget()
        self._stalled = loop.call_later(STALLED_SECONDS, self.close, Close.TOO_SLOW)

    def _recover(self) -> None:
        """The reader reads again: sends the present state, and the word to ask for what was missed."""
        if self._backlog is None:
            return
        frames = self._backlog.frames()
        self._settle()
        for frame in frames:
            self.offer(frame)

    def _settle(self) -> None:
        self._backlog = None
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    # --- by ASGI's send --------------------------------------------------------------------------------------
    def _enqueue(self, frame: Outgoing) -> None:
        size = len(frame.text)
        too_much = self._queued_characters + size > QUEUE_BYTES and self._queue
        if len(self._queue) >= QUEUE_FRAMES or too_much:
            self._fall_behind(frame)
            return
        self._queue.append(frame)
        self._queued_characters += size
        self._write()

    def _write(self) -> None:
        if self._writer is None:
            # Eager: where the server's send does not block, no task switch happens at all.
            task = asyncio.Task(self._drain(), loop=asyncio.get_running_loop(), eager_start=True)
            self._writer = None if task.done() else task

    async def _drain(self) -> None:
        try:
            while self._queue:
                frame = self._queue.popleft()
                self._queued_characters -= len(frame.text)
                await self._send({"type": "websocket.send", "text": frame.text})
                if not self._queue:
                    self._recover()
            if self._code is not None:
                await self._send({"type": "websocket.close", "code": self._code})
        except (OSError, RuntimeError):  # servers differ in how they say that the socket is gone
            self._code = self._code or Close.INTERNAL
            self._forget()
        finally:
            self._writer = None

    def _forget(self) -> None:
        self._queue.clear()
        self._queued_characters = 0

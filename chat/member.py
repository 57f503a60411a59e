"""One socket's outgoing side: a bounded queue, one writer, one close."""

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypedDict

from chat.protocol import Close, Frame, Person, encode


class AsgiEvent(TypedDict, total=False):
    type: str
    text: str
    code: int
    subprotocol: str | None


type Send = Callable[[AsgiEvent], Awaitable[None]]

QUEUE_FRAMES = 64
QUEUE_CHARACTERS = 256 * 1024
# A reader that does not even take the close frame is left after this long.
CLOSING_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who the room token says is here."""

    room_id: str
    user_id: int
    username: str
    role: str
    runs: bool  # runs the class: sees previews, is not counted as a viewer

    @property
    def person(self) -> Person:
        return {"user_id": self.user_id, "username": self.username, "role": self.role}


class Member:
    """Frames leave in the order they were offered. Never raises towards the room: a lost socket only falls silent.

    A reader that falls QUEUE_FRAMES behind is closed with 4408 and comes back for what it missed.
    """

    def __init__(self, visitor: Visitor, send: Send, *, give_up: Callable[[float], None]) -> None:
        self.visitor = visitor
        self.conn_id = secrets.token_hex(6)
        self.checked = 0  # the hub's round in which the database was last asked about this person
        self.after = 0  # has every numbered event up to here
        self._send = send
        self._give_up = give_up  # ends the consumer at the latest after this many seconds
        self._queue: deque[str] = deque()
        self._characters = 0
        self._writer: asyncio.Task[None] | None = None
        self._code: int | None = None

    def is_closing(self) -> bool:
        return self._code is not None

    def say(self, frame: Frame) -> None:
        self.offer(encode(frame))

    def offer(self, text: str) -> None:
        """Queues an encoded frame; a socket that is ready gets it before this returns."""
        if self._code is not None:
            return
        if len(self._queue) >= QUEUE_FRAMES or self._characters + len(text) > QUEUE_CHARACTERS:
            self._forget()
            self.close(Close.TOO_SLOW)
            return
        self._queue.append(text)
        self._characters += len(text)
        self._write()

    def close(self, code: int) -> None:
        """Closes after what is queued. The first code counts."""
        if self._code is None:
            self._code = code
            self._give_up(CLOSING_SECONDS)
            self._write()

    def drop(self) -> None:
        """The socket is gone: nothing more leaves."""
        self._code = self._code or Close.INTERNAL
        self._forget()
        if self._writer:
            self._writer.cancel()

    def _write(self) -> None:
        if self._writer is None:
            # Eager: where the server's send does not block, no task switch happens at all.
            task = asyncio.Task(self._drain(), loop=asyncio.get_running_loop(), eager_start=True)
            self._writer = None if task.done() else task

    async def _drain(self) -> None:
        try:
            while self._queue:
                text = self._queue.popleft()
                self._characters -= len(text)
                await self._send({"type": "websocket.send", "text": text})
            if self._code is not None:
                await self._send({"type": "websocket.close", "code": self._code})
        except (OSError, RuntimeError):  # servers differ in how they say that the socket is gone
            self._code = self._code or Close.INTERNAL
            self._forget()
        finally:
            self._writer = None

    def _forget(self) -> None:
        self._queue.clear()
        self._characters = 0

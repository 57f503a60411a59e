"""Speaks Janus' API over its unix socket: transactions, one session, handles.

https://janus.conf.meetecho.com/docs/rest.html: the messages are the same on every transport.
"""

import asyncio
import contextlib
import itertools
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass

from media_worker.sfu.errors import SDP, JanusError, JanusLost, SfuError
from media_worker.sfu.janus.fields import JsonObject, number, parse, part, text

KEEPALIVE_SECONDS = 10.0  # a third of the session_timeout that our configuration sets
ANSWER_SECONDS = 8.0
# Janus' unix transport reads into a buffer of 8192 bytes and drops what does not fit, without an answer.
LONGEST_REQUEST = 8191
_LONGEST_REPLY = 1 << 20
_GONE = frozenset({458, 459})  # no such session, no such handle


@dataclass(frozen=True, slots=True)
class Reply:
    """What a plugin answered."""

    data: JsonObject
    jsep: JsonObject

    @property
    def sdp(self) -> str:
        return text(self.jsep, "sdp")


@dataclass(frozen=True, slots=True)
class JanusEvent:
    """An event of a handle: webrtcup, media, slowlink, hangup, detached, or `event`, which is the plugin's own."""

    kind: str
    body: JsonObject  # of an `event` the plugin's data, else the whole message
    jsep: JsonObject


type EventHandler = Callable[[JanusEvent], None]  # called on the loop; must neither block nor raise


class Handle:
    """One attachment to a plugin. `on_event` gets its events."""

    def __init__(self, janus: "Janus", number: int, on_event: EventHandler) -> None:
        self.id = number
        self.on_event = on_event
        self._janus = janus

    async def message(self, body: JsonObject, jsep: JsonObject | None = None) -> Reply:
        """The plugin's own answer, behind Janus' "ack". Raises JanusError with the plugin's code, JanusLost."""
        request: JsonObject = {"janus": "message", "handle_id": self.id, "body": body}
        if jsep:
            request["jsep"] = jsep
        answer = await self._janus.request(request)
        data = part(part(answer, "plugindata"), "data")
        if "error_code" in data:
            raise JanusError(number(data, "error_code"), text(data, "error"))
        return Reply(data, part(answer, "jsep"))

    async def trickle(self, candidate: JsonObject | None) -> None:
        """One remote candidate, or None: that was the last."""
        message: JsonObject = {"completed": True} if candidate is None else candidate
        await self._janus.request({"janus": "trickle", "handle_id": self.id, "candidate": message}, ack_is_all=True)

    async def detach(self) -> None:
        """Ends it in any state. Never raises; may be called twice."""
        if self._janus.handles.pop(self.id, None) is not None:
            await self._janus.forget({"janus": "detach", "handle_id": self.id})


class Janus:
    """One connection with one session, kept alive. `lost` is called once, when Janus went away by itself.

    Losing the connection ends the session and every handle in Janus; connect with a new object.
    """

    def __init__(self, path: str, api_secret: str, *, lost: Callable[[], None]) -> None:
        self.handles: dict[int, Handle] = {}
        self._path = path
        self._api_secret = api_secret
        self._lost = lost
        self._socket: socket.socket | None = None
        self._session = 0
        self._waiting: dict[str, tuple[asyncio.Future[JsonObject], bool]] = {}
        self._numbers = itertools.count(1)
        self._sending = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def connected(self) -> bool:
        return self._session != 0

    async def connect(self) -> None:
        """Raises JanusLost when nobody listens, JanusError when the api secret is wrong."""
        await self._open()
        try:
            answer = await self.request({"janus": "create"})
        except SfuError:
            await self.close()
            raise
        self._session = number(part(answer, "data"), "id")
        self._tasks.append(asyncio.create_task(self._keep_alive(), name="janus-keepalive"))

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.setblocking(False)
        try:
            await loop.sock_connect(connection, self._path)
        except OSError as error:
            connection.close()
            raise JanusLost("nobody listens on its socket") from error
        self._socket = connection
        self._tasks.append(loop.create_task(self._read(connection), name="janus-read"))

    async def close(self) -> None:
        """Ends the session and closes the connection. Never raises."""
        if self._session:
            await self.forget({"janus": "destroy"})
        self._session = 0
        tasks, self._tasks = self._tasks, []
        # The reader first: a closed descriptor's number is given to the next file, and the loop would watch that.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._end("closed")

    async def attach(self, plugin: str, opaque_id: str, on_event: EventHandler) -> Handle:
        request: JsonObject = {"janus": "attach", "plugin": plugin, "opaque_id": opaque_id}
        handle = Handle(self, number(part(await self.request(request), "data"), "id"), on_event)
        self.handles[handle.id] = handle
        return handle

    async def forget(self, request: JsonObject) -> None:
        """Asks for an end. What is gone already, or cannot be asked any more, has ended."""
        with contextlib.suppress(SfuError):
            await self.request(request)

    async def request(self, request: JsonObject, *, ack_is_all: bool = False) -> JsonObject:
        """Janus' answer. Raises JanusError, JanusLost, or SfuError(webrtc:sdp) for one that Janus would drop."""
        connection = self._socket
        if connection is None:
            raise JanusLost("not connected")
        transaction = str(next(self._numbers))
        message: JsonObject = {**request, "transaction": transaction, "apisecret": self._api_secret}
        if self._session:
            message["session_id"] = self._session
        raw = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
        if len(raw) > LONGEST_REQUEST:
            raise SfuError(SDP, "The session description is too large.")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[JsonObject] = loop.create_future()
        self._waiting[transaction] = future, ack_is_all
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                async with self._sending:
                    await loop.sock_sendall(connection, raw)
                answer = await future
        except TimeoutError as error:
            raise JanusLost(f"no answer to {text(request, 'janus')}") from error
        except OSError as error:
            raise JanusLost("its socket is closed") from error
        finally:
            self._waiting.pop(transaction, None)
        if text(answer, "janus") == "error":
            failed = part(answer, "error")
            raise JanusError(number(failed, "code"), text(failed, "reason"))
        return answer

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEPALIVE_SECONDS)
            try:
                await self.request({"janus": "keepalive"}, ack_is_all=True)
            except SfuError:
                # It hangs, or forgot us: its end is closed so that the reader learns it like any other loss.
                if self._socket is not None:
                    with contextlib.suppress(OSError):
                        self._socket.shutdown(socket.SHUT_RDWR)
                return

    async def _read(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while raw := await loop.sock_recv(connection, _LONGEST_REPLY):
                with contextlib.suppress(ValueError):
                    self._take(parse(raw))
        self._session = 0
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
        self._end("its socket is closed")
        self._lost()

    def _end(self, reason: str) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()
        self.handles.clear()
        for future, _ in self._waiting.values():
            if not future.done():
                future.set_exception(JanusLost(reason))

    def _take(self, message: JsonObject) -> None:
        kind = text(message, "janus")
        waiting = self._waiting.get(text(message, "transaction"))
        if waiting is not None:
            future, ack_is_all = waiting
            if (kind != "ack" or ack_is_all) and not future.done():
                future.set_result(message)
            return
        handle = self.handles.get(number(message, "sender"))
        if handle is not None:
            body = part(part(message, "plugindata"), "data") if kind == "event" else message
            handle.on_event(JanusEvent(kind, body, part(message, "jsep")))

"""The client of the gateway, for the processes that speak to browsers: one object a process."""

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Coroutine

from media_worker.sfu.errors import UNAVAILABLE, SfuError
from media_worker.sfu.gateway import protocol
from media_worker.sfu.gateway.protocol import (
    Candidate,
    Counts,
    Event,
    Gone,
    Listener,
    Opened,
    Ready,
    Reset,
    SourceGone,
)
from media_worker.sfu.janus.fields import JsonObject, number, parse, part, text

_RETRY_SECONDS = 0.5
_ANSWER_SECONDS = 15.0  # a mountpoint is there when its first picture is


def _away() -> SfuError:
    return SfuError(UNAVAILABLE, "Live connections are away for a moment.")


class Gateway:
    """Connects when it is first needed, and reconnects by itself. Methods raise SfuError unless they say otherwise.

    A listener gets the events of its peers and of the rooms that it watches, until these end, and a Reset when the
    gateway or Janus was started anew. Its peers are gone then; its watched rooms stay.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer: asyncio.StreamWriter | None = None
        self._connecting: asyncio.Lock | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[JsonObject]] = {}
        self._peers: dict[str, Listener] = {}
        self._watching: dict[str, list[Listener]] = {}
        self._ready: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def publish(self, listener: Listener, *, room: str, person: str, sdp: str, push_url: str) -> Opened:
        """An offer; its answer. The same person's older publisher ends, another person's is webrtc:busy."""
        return await self._open(
            listener, {"do": "publish", "room": room, "person": person, "sdp": sdp, "push_url": push_url}
        )

    async def subscribe(
        self, listener: Listener, *, room: str, person: str, pull_url: str = "", copy: bool | None = None
    ) -> Opened:
        """The offer to a viewer of the room's publisher or, without one, of the stream at `pull_url`."""
        request: JsonObject = {"do": "subscribe", "room": room, "person": person, "pull_url": pull_url, "copy": copy}
        return await self._open(listener, request)

    async def answer(self, peer: str, sdp: str) -> None:
        await self._ask({"do": "answer", "peer": peer, "sdp": sdp})

    async def candidate(self, peer: str, candidate: Candidate | None) -> None:
        """None: the client has no more."""
        fields: JsonObject | None = None
        if candidate is not None:
            fields = {
                "candidate": candidate.candidate,
                "sdp_mid": candidate.sdp_mid,
                "sdp_mline_index": candidate.sdp_mline_index,
            }
        await self._ask({"do": "candidate", "peer": peer, "candidate": fields})

    async def restart(self, peer: str, sdp: str = "") -> str:
        """A publisher's offer to its answer; for a viewer a fresh offer."""
        return text(await self._ask({"do": "restart", "peer": peer, "sdp": sdp}), "sdp")

    async def report(self, peer: str, state: str) -> None:
        """What the client says of its connection: "connected", "disconnected" or "failed"."""
        await self._ask({"do": "report", "peer": peer, "state": state})

    async def close(self, peer: str) -> None:
        """Ends a peer; its listener gets no more events of it. Never raises."""
        self._peers.pop(peer, None)
        with contextlib.suppress(SfuError):
            if self._writer is not None:
                await self._ask({"do": "close", "peer": peer})

    async def watch(self, listener: Listener, room: str) -> None:
        """Notifies it of this room until `unwatch`; of Ready at once if there is something to watch. Never raises."""
        listeners = self._watching.setdefault(room, [])
        if listener not in listeners:
            listeners.append(listener)
        if room in self._ready:
            listener.happened(Ready(room))
        if len(listeners) == 1:
            try:
                await self._ask({"do": "watch", "room": room})
            except SfuError:
                self._reconnect()

    async def unwatch(self, listener: Listener, room: str) -> None:
        """Never raises."""
        listeners = self._watching.get(room, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners and self._watching.pop(room, None) is not None:
            self._ready.discard(room)
            with contextlib.suppress(SfuError):
                if self._writer is not None:
                    await self._ask({"do": "unwatch", "room": room})

    async def count(self) -> Counts:
        found = await self._ask({"do": "count"})
        names = ("peers", "viewers", "handles", "rooms", "mounts", "seats")
        return Counts(**{name: number(found, name) for name in names})

    async def disconnect(self) -> None:
        """Ends the connection and all that it opened, at the end of a process."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _open(self, listener: Listener, request: JsonObject) -> Opened:
        # Named here, so that what happens to it before the answer is read finds its listener.
        peer = uuid.uuid4().hex
        self._peers[peer] = listener
        try:
            return Opened(peer, text(await self._ask({**request, "peer": peer}), "sdp"))
        except BaseException as error:
            self._peers.pop(peer, None)
            if not isinstance(error, SfuError) or error.code == UNAVAILABLE:
                self._later(self.close(peer))  # whoever asked has gone; it may yet have been opened
            raise

    async def _ask(self, message: JsonObject) -> JsonObject:
        writer = await self._connected()
        number_ = next(self._numbers)
        future: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        self._waiting[number_] = future
        raw = protocol.encode_line({**message, "id": number_})
        try:
            if len(raw) > protocol.LONGEST:
                raise SfuError("webrtc:sdp", "The session description is too large.")
            writer.write(raw)
            async with asyncio.timeout(_ANSWER_SECONDS):
                answer = await future
        except TimeoutError as error:
            raise _away() from error
        finally:
            self._waiting.pop(number_, None)
        if failed := part(answer, "error"):
            raise SfuError(text(failed, "code"), text(failed, "message"))
        return part(answer, "ok")

    async def _connected(self) -> asyncio.StreamWriter:
        self._connecting = self._connecting or asyncio.Lock()
        async with self._connecting:
            if self._writer is None:
                try:
                    reader, writer = await asyncio.open_unix_connection(self._path, limit=protocol.LONGEST * 2)
                except OSError as error:
                    raise _away() from error
                self._writer = writer
                self._later(self._read(reader, writer))
                for room in self._watching:
                    writer.write(protocol.encode_line({"id": 0, "do": "watch", "room": room}))
            return self._writer

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, ValueError):
                while raw := await reader.readline():
                    self._take(parse(raw))
        finally:
            writer.close()
            self._writer = None
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(_away())
            self._happened(Reset())
        self._reconnect()

    def _take(self, message: JsonObject) -> None:
        if "event" in message:
            event = protocol.decode_event(message)
            if event is not None:
                self._happened(event)
            return
        future = self._waiting.get(number(message, "id"))
        if future is not None and not future.done():
            future.set_result(message)

    def _happened(self, event: Event) -> None:
        match event:
            case Reset():
                peers, self._peers = self._peers, {}
                self._ready.clear()
                everybody = [*peers.values(), *itertools.chain(*self._watching.values())]
                for listener in {id(one): one for one in everybody}.values():
                    listener.happened(event)
            case Ready(room) | SourceGone(room):
                (self._ready.add if isinstance(event, Ready) else self._ready.discard)(room)
                for listener in list(self._watching.get(room, [])):
                    listener.happened(event)
            case _:
                listener_ = self._peers.get(event.peer)
                if isinstance(event, Gone):
                    self._peers.pop(event.peer, None)
                if listener_ is not None:
                    listener_.happened(event)

    def _reconnect(self) -> None:
        """While somebody watches, the connection comes back by itself."""
        if self._watching and self._writer is None:
            self._later(self._return())

    async def _return(self) -> None:
        while self._watching and self._writer is None:
            try:
                await self._connected()
            except SfuError:
                await asyncio.sleep(_RETRY_SECONDS)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

"""The gateway's own socket, for the processes that speak to browsers: what a connection opened ends with it."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from fitfriends.core.bucket import Buckets
from media_worker.sfu.errors import FLOOD, PEER, UNAVAILABLE, SfuError
from media_worker.sfu.gateway import protocol
from media_worker.sfu.gateway.host import NAME, Host
from media_worker.sfu.gateway.hub import Hub
from media_worker.sfu.gateway.peer import Peer
from media_worker.sfu.gateway.protocol import Candidate, Event, Opened, Ready, Reset
from media_worker.sfu.gateway.room import Room
from media_worker.sfu.janus.fields import Json, JsonObject, number, parse, part, text

_MOST_UNREAD = 4 << 20  # bytes of a client that does not read
_BURST, _RATE = 8, 0.5  # connections that a person opens
_PERSONS = 4096  # that are remembered


class Gateway:
    """Serves on a unix socket until it is closed."""

    def __init__(self, host: Host, *, path: Path, janus: str) -> None:
        self.hub = Hub(host, janus=janus, reset=self._reset)
        self.opening = Buckets(_BURST, _RATE, most=_PERSONS)
        self._path = path
        self._server: asyncio.Server | None = None
        self._connections: set[ClientConnection] = set()

    async def start(self) -> None:
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, self._path, limit=protocol.LONGEST)
        finally:
            os.umask(before)
        self.hub.start()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            await connection.end()
        await self.hub.close()
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = ClientConnection(self, writer)
        self._connections.add(connection)
        try:
            with contextlib.suppress(ConnectionError, ValueError):  # ValueError: a line without an end
                while raw := await reader.readline():
                    connection.take(parse(raw))
        finally:
            self._connections.discard(connection)
            await connection.end()

    def _reset(self) -> None:
        for connection in self._connections:
            connection.forget()
            connection.notify(Reset())


class ClientConnection:
    """One client's connection: its peers, the rooms it watches, its requests under way."""

    def __init__(self, gateway: Gateway, writer: asyncio.StreamWriter) -> None:
        self._gateway = gateway
        self._hub = gateway.hub
        self._writer = writer
        self._peers: dict[str, Room] = {}
        self._watching: set[Room] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._requests: dict[str, Callable[[JsonObject], Awaitable[JsonObject]]] = {
            "publish": self._publish,
            "subscribe": self._subscribe,
            "answer": self._answer,
            "candidate": self._candidate,
            "restart": self._restart,
            "report": self._report,
            "close": self._close,
            "watch": self._watch,
            "unwatch": self._unwatch,
            "count": self._count,
        }

    def notify(self, event: Event) -> None:
        self._write(protocol.encode_event(event))

    def take(self, message: JsonObject) -> None:
        """Handles one request; the requests behind it do not wait for its answer."""
        task = asyncio.create_task(self._do(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self) -> None:
        self._peers.clear()

    async def end(self) -> None:
        """Ends everything that it opened."""
        for room in self._watching:
            room.watchers.pop(self, None)
        self._watching.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        held, self._peers = self._peers, {}
        for name, room in held.items():
            if peer := room.find(name):
                await room.close(peer)
        self._writer.close()

    async def _do(self, message: JsonObject) -> None:
        answer: JsonObject = {"id": number(message, "id")}
        handle = self._requests.get(text(message, "do"), _unknown)
        try:
            answer["ok"] = await handle(message)
        except SfuError as error:
            answer["error"] = {"code": error.code, "message": error.message}
        self._write(answer)

    def _write(self, message: JsonObject) -> None:
        if self._writer.is_closing():
            return
        self._writer.write(protocol.encode_line(message))
        if self._writer.transport.get_write_buffer_size() > _MOST_UNREAD:
            self._writer.transport.abort()

    # --- what may be asked ---
    async def _publish(self, message: JsonObject) -> JsonObject:
        room, peer, person = self._opening(message)
        return await self._open(
            room,
            peer,
            room.publish(
                self.notify, peer=peer, person=person, sdp=text(message, "sdp"), push_url=text(message, "push_url")
            ),
        )

    async def _subscribe(self, message: JsonObject) -> JsonObject:
        room, peer, person = self._opening(message)
        copy = message.get("copy")
        opening = room.subscribe(
            self.notify,
            peer=peer,
            person=person,
            pull_url=text(message, "pull_url"),
            copy=copy if isinstance(copy, bool) else None,
        )
        return await self._open(room, peer, opening)

    def _opening(self, message: JsonObject) -> tuple[Room, str, str]:
        self._hub.host.media()
        peer, person = text(message, "peer"), text(message, "person")
        room = self._room(message)
        if not NAME.fullmatch(peer) or room.find(peer) is not None:
            raise SfuError(PEER, "This connection has no name of its own.")
        if not self._gateway.opening.take(f"{room.name} {person}"):
            raise SfuError(FLOOD, "Too many connections at once.")
        return room, peer, person

    async def _open(self, room: Room, peer: str, opening: Awaitable[Opened]) -> JsonObject:
        room.busy += 1
        self._peers[peer] = room
        try:
            opened = await opening
        except BaseException:
            self._peers.pop(peer, None)
            raise
        finally:
            room.busy -= 1
        return {"peer": opened.peer, "sdp": opened.sdp}

    def _room(self, message: JsonObject) -> Room:
        name = text(message, "room")
        if not NAME.fullmatch(name):
            raise SfuError(PEER, "There is no such room.")
        return self._hub.room(name)

    def _peer(self, message: JsonObject) -> Peer:
        name = text(message, "peer")
        room = self._peers.get(name)
        peer = room.find(name) if room else None
        if peer is None:
            self._peers.pop(name, None)
            raise SfuError(PEER, "This connection is over.")
        peer.allow()
        return peer

    async def _answer(self, message: JsonObject) -> JsonObject:
        await self._peer(message).answer(text(message, "sdp"))
        return {}

    async def _candidate(self, message: JsonObject) -> JsonObject:
        peer = self._peer(message)
        if message.get("candidate") is None:
            await peer.candidate(None)
            return {}
        fields = part(message, "candidate")
        mid, index = fields.get("sdp_mid"), fields.get("sdp_mline_index")
        candidate = Candidate(
            text(fields, "candidate"),
            mid if isinstance(mid, str) else None,
            index if isinstance(index, int) else None,
        )
        await peer.candidate(candidate)
        return {}

    async def _restart(self, message: JsonObject) -> JsonObject:
        return {"sdp": await self._peer(message).restart(text(message, "sdp"))}

    async def _report(self, message: JsonObject) -> JsonObject:
        peer = self._peer(message)
        if text(message, "state") == "failed":
            peer.end("failed")
        return {}

    async def _close(self, message: JsonObject) -> JsonObject:
        name = text(message, "peer")
        room = self._peers.pop(name, None)
        if room is not None and (peer := room.find(name)):
            await room.close(peer)
        return {}

    async def _watch(self, message: JsonObject) -> JsonObject:
        room = self._room(message)
        room.watchers[self] = self.notify
        self._watching.add(room)
        if room.ready:
            self.notify(Ready(room.name))
        return {}

    async def _unwatch(self, message: JsonObject) -> JsonObject:
        room = self._room(message)
        room.watchers.pop(self, None)
        self._watching.discard(room)
        return {}

    async def _count(self, _: JsonObject) -> JsonObject:
        found: dict[str, Json] = asdict(self._hub.counts())
        return found


async def _unknown(_: JsonObject) -> JsonObject:
    raise SfuError(UNAVAILABLE, "The gateway does not know this request.")

"""The room hub: one channel-layer channel for all rooms of a process, one message a room, fan-out at home.

An idiomatic consumer costs a channel, a Redis subscription, a decoding and a thread hop per connection and message:
2,700 to 5,500 deliveries per core-second. The hub makes it one of each per process (docs/adr/0006).
"""

import asyncio
import logging
import weakref
from collections.abc import Callable, Coroutine

from chat.domain import broadcast
from chat.domain.broadcast import Note
from chat.frames.outgoing import Outgoing
from chat.realtime import housekeeping
from chat.realtime.admission import Admission
from chat.realtime.connection import Connection
from chat.realtime.room import HubRoom
from chat.threads import open_connections

log = logging.getLogger(__name__)

RESTART_SECONDS = 0.5

_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, "RoomHub"] = weakref.WeakKeyDictionary()


def hub() -> "RoomHub":
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(loop)
    if found is None:
        found = _hubs[loop] = RoomHub()
    return found


class RoomHub:
    def __init__(self) -> None:
        self.rooms: dict[str, HubRoom] = {}
        self.admission = Admission()
        self._channel: asyncio.Task[str] | None = None
        self._listening: dict[HubRoom, asyncio.Task[None]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def enter(self, connection: Connection) -> HubRoom:
        """Joins the connection to its room, so that it misses no note. `HubRoom.admit` or `leave` must follow."""
        room_id = connection.participant.room_id
        room = self.rooms.get(room_id)
        if room is None:
            room = self.rooms[room_id] = HubRoom(room_id)
            self._listening[room] = asyncio.create_task(self._listen(room))
        room.join(connection)
        try:
            await asyncio.shield(self._listening[room])
        except BaseException:
            room.leave(connection)
            raise
        return room

    async def warm(self) -> None:
        """Prepares what the first connections would wait for. A part that does not answer is tried again later."""
        try:
            await self._start()
            await open_connections()
        except Exception:  # a server that only starts cold is better than none
            log.warning("The room hub starts cold.", exc_info=True)

    async def close(self) -> None:
        """Stops everything. Open connections are left to their server."""
        tasks = [*self._tasks.values(), *self._listening.values(), *([self._channel] if self._channel else [])]
        for task in tasks:
            task.cancel()
        for room in self.rooms.values():
            room.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.rooms.clear()
        self._listening.clear()
        self._tasks.clear()
        self._channel = None

    async def forget(self, room: HubRoom) -> None:
        """Stops listening to a room that has no connections."""
        if self.rooms.get(room.room_id) is not room or not room.empty:
            return
        del self.rooms[room.room_id]
        listening = self._listening.pop(room)
        room.stop()
        channel = await self._start()
        await asyncio.gather(listening, return_exceptions=True)
        if room.room_id not in self.rooms:  # somebody may have come back meanwhile
            await broadcast.stop_listening(room.room_id, channel)

    async def _listen(self, room: HubRoom) -> None:
        try:
            await broadcast.listen(room.room_id, await self._start())
        except BaseException:
            # The next one to enter tries again.
            if self.rooms.get(room.room_id) is room:
                del self.rooms[room.room_id]
                del self._listening[room]
            raise

    async def _start(self) -> str:
        """Returns the hub's channel. The first call opens it and starts the hub's tasks."""
        if self._channel is None or (self._channel.done() and self._channel.exception()):
            self._channel = asyncio.create_task(self._open())
        return await asyncio.shield(self._channel)

    async def _open(self) -> str:
        channel = await broadcast.new_channel()
        self._keep("receive", lambda: self._receive(channel))
        self._keep("housekeeping", lambda: housekeeping.run(self))
        return channel

    def _keep(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Runs endless work, and starts it again should it fail: one fault must not silence every room."""

        def fell(task: asyncio.Task[None]) -> None:
            if task.cancelled():
                return
            log.critical("The room hub's %s failed and starts again.", name, exc_info=task.exception())
            task.get_loop().call_later(RESTART_SECONDS, again)

        def again() -> None:
            if self._channel is not None:  # closed meanwhile
                self._keep(name, work)

        task = self._tasks[name] = asyncio.create_task(work(), name=f"hub-{name}")
        task.add_done_callback(fell)

    async def _receive(self, channel: str) -> None:
        while True:
            self._take(await broadcast.receive(channel))
            # Notes that wait already come without a turn of the loop: sockets must get one to take what was written.
            await asyncio.sleep(0)

    def _take(self, note: Note) -> None:
        room = self.rooms.get(note["room"])
        if room is None:
            return
        match note["kind"]:
            case "event":
                room.take_event(note["seq"], note["text"])
            case "removed":
                room.remove_person(note["user"])
            case "person":
                _tell_person(room, note["user"], Outgoing(note["text"]))
            case "presence":
                room.presence_stale = True
            case "state":
                room.look()
            case "interactions":
                room.interactions.look(note["part"])
            case "reactions":
                room.interactions.reactions.hear(note)


def _tell_person(room: HubRoom, user_id: int, frame: Outgoing) -> None:
    for connection in room:
        if connection.participant.user_id == user_id:
            room.offer(connection, frame)

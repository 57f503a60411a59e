"""The rooms of this process: who comes in and goes, and one look at all of them twice a second."""

import asyncio
import contextlib
import logging
import weakref
from collections.abc import Iterator

import redis
from django.db import DatabaseError

from streaming.domain.tokens import revocations
from streaming.domain.tokens.signing import RoomToken
from streaming.domain.watching import device_slots, presence
from streaming.errors import DeviceSlotTaken
from streaming.webrtc import access, gateway, housekeeping
from streaming.webrtc.gateway import Sfu
from streaming.webrtc.room import SignallingRoom
from streaming.webrtc.session import SignallingSession
from streaming.webrtc.threads import in_thread

log = logging.getLogger(__name__)

# Of one person in one room; each may hold two peers.
SESSIONS_A_PERSON = 8
_enter = in_thread(access.enter)


class Crowded(Exception):
    """As many sessions of one person as anybody may have are here."""


class Revoked(Exception):
    """The token's holder lost what it stands for."""


class SignallingHub:
    def __init__(self) -> None:
        self.gateway: Sfu = gateway.make()
        self.known = revocations.Known()
        self.rooms: dict[str, SignallingRoom] = {}
        self._housekeeping: asyncio.Task[None] | None = None

    def __iter__(self) -> Iterator[SignallingRoom]:
        return iter(list(self.rooms.values()))

    async def enter(self, session: SignallingSession) -> SignallingRoom:
        """Raises NoSuchStream, Crowded, Revoked, and the errors of database and Redis."""
        token = session.token
        await self.known.refresh()
        if self.refuses(token):
            raise Revoked
        facts, session.role = await _enter(token)
        room = self.rooms.get(token.room_id)
        if room is None:
            room = self.rooms[token.room_id] = SignallingRoom(token.room_id, facts)
            with room.kept():
                await self.gateway.watch(room, room.room_id)
        if len(room.sessions_of(token.user_id)) >= SESSIONS_A_PERSON:
            raise Crowded
        room.enter(session)
        if self._housekeeping is None:
            self._housekeeping = asyncio.create_task(housekeeping.run(self))
        return room

    def refuses(self, token: RoomToken) -> bool:
        return self.known.refuses(token.room_id, token.user_id, token.issued)

    async def leave(self, session: SignallingSession) -> None:
        """Its peers end, and its presence."""
        room = self.rooms.get(session.token.room_id)
        if room is not None:
            room.leave(session)
            if room.is_empty:
                del self.rooms[room.room_id]
        if not self.rooms and self._housekeeping is not None:
            self._housekeeping.cancel()
            self._housekeeping = None
        watched = bool(session.peers)
        await session.leave()
        if room is not None and room.is_empty:
            await self.gateway.unwatch(room, room.room_id)
        if watched:
            await self.absent(session)

    async def make_room(self, session: SignallingSession) -> None:
        """A person watches on so many devices at once; the ones that came first give way to this one."""
        token, limit = session.token, device_slots.limit()
        room = self.rooms.get(token.room_id)
        if room is None or token.runs or not limit:
            return
        others = [other for other in room.sessions_of(token.user_id) if other.watches and other is not session]
        for other in sorted(others, key=lambda one: one.number)[: max(0, len(others) + 1 - limit)]:
            await other.end_viewers(DeviceSlotTaken())
            await self.absent(other)

    async def present(self, session: SignallingSession) -> None:
        """Seen, and counted when it watches; together with the same person's other sockets as one."""
        token = session.token
        with contextlib.suppress(redis.RedisError):
            await presence.asocket_seen(token.room_id, token.user_id, session.conn_id, runs=token.runs)

    async def absent(self, session: SignallingSession) -> None:
        token = session.token
        try:
            await presence.asocket_gone(token.room_id, token.user_id, session.conn_id, runs=token.runs)
        except redis.RedisError:
            log.warning("A peer is gone and Redis does not answer: its entry expires by itself.")

    async def close(self) -> None:
        """For the end of a process; the gateway ends what we held."""
        if self._housekeeping is not None:
            self._housekeeping.cancel()
            self._housekeeping = None
        await self.gateway.disconnect()


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, SignallingHub] = weakref.WeakKeyDictionary()


def hub() -> SignallingHub:
    """The running loop's: one a process."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(loop)
    if found is None:
        found = _hubs[loop] = SignallingHub()
    return found


SILENT = (DatabaseError, redis.RedisError)

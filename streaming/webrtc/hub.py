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
LINES_A_PERSON = 8
_enter = in_thread(access.enter)


class Crowded(Exception):
    """As many lines of one person as anybody may have are here."""


class Revoked(Exception):
    """The token's holder lost what it stands for."""


class SignallingHub:
    def __init__(self) -> None:
        self.gateway: Sfu = gateway.make()
        self.known = revocations.Known()
        self.desks: dict[str, SignallingRoom] = {}
        self._walking: asyncio.Task[None] | None = None

    def __iter__(self) -> Iterator[SignallingRoom]:
        return iter(list(self.desks.values()))

    async def enter(self, line: SignallingSession) -> SignallingRoom:
        """Raises NoSuchStream, Crowded, Revoked, and the errors of database and Redis."""
        token = line.token
        await self.known.refresh()
        if self.refuses(token):
            raise Revoked
        facts, line.role = await _enter(token)
        desk = self.desks.get(token.room_id)
        if desk is None:
            desk = self.desks[token.room_id] = SignallingRoom(token.room_id, facts)
            with desk.kept():
                await self.gateway.watch(desk, desk.room_id)
        if len(desk.lines_of(token.user_id)) >= LINES_A_PERSON:
            raise Crowded
        desk.enter(line)
        if self._walking is None:
            self._walking = asyncio.create_task(housekeeping.walk(self))
        return desk

    def refuses(self, token: RoomToken) -> bool:
        return self.known.refuses(token.room_id, token.user_id, token.issued)

    async def leave(self, line: SignallingSession) -> None:
        """Its peers end, and its presence."""
        desk = self.desks.get(line.token.room_id)
        if desk is not None:
            desk.leave(line)
            if desk.is_empty:
                del self.desks[desk.room_id]
        if not self.desks and self._walking is not None:
            self._walking.cancel()
            self._walking = None
        watched = bool(line.peers)
        await line.leave()
        if desk is not None and desk.is_empty:
            await self.gateway.unwatch(desk, desk.room_id)
        if watched:
            await self.absent(line)

    async def make_room(self, line: SignallingSession) -> None:
        """A person watches on so many devices at once; the ones that came first give way to this one."""
        token, limit = line.token, device_slots.limit()
        desk = self.desks.get(token.room_id)
        if desk is None or token.runs or not limit:
            return
        others = [other for other in desk.lines_of(token.user_id) if other.watches and other is not line]
        for other in sorted(others, key=lambda one: one.number)[: max(0, len(others) + 1 - limit)]:
            await other.end_viewers(DeviceSlotTaken())
            await self.absent(other)

    async def present(self, line: SignallingSession) -> None:
        """Seen, and counted when it watches; together with the same person's other sockets as one."""
        token = line.token
        with contextlib.suppress(redis.RedisError):
            await presence.asocket_seen(token.room_id, token.user_id, line.conn_id, runs=token.runs)

    async def absent(self, line: SignallingSession) -> None:
        token = line.token
        try:
            await presence.asocket_gone(token.room_id, token.user_id, line.conn_id, runs=token.runs)
        except redis.RedisError:
            log.warning("A peer is gone and Redis does not answer: its entry expires by itself.")

    async def close(self) -> None:
        """For the end of a process; the gateway ends what we held."""
        if self._walking is not None:
            self._walking.cancel()
            self._walking = None
        await self.gateway.disconnect()


_houses: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, SignallingHub] = weakref.WeakKeyDictionary()


def house() -> SignallingHub:
    """The running loop's: one a process."""
    loop = asyncio.get_running_loop()
    found = _houses.get(loop)
    if found is None:
        found = _houses[loop] = SignallingHub()
    return found


SILENT = (DatabaseError, redis.RedisError)

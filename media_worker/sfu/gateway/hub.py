"""All rooms of one media host, and their connection to Janus."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from media_worker.sfu.errors import SfuError
from media_worker.sfu.gateway.host import Host
from media_worker.sfu.gateway.protocol import Counts
from media_worker.sfu.gateway.room import Room
from media_worker.sfu.janus import videoroom
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.streaming import Streaming

_log = logging.getLogger(__name__)


class Hub:
    """`reset` is called when Janus was lost: by then every peer is forgotten."""

    def __init__(self, host: Host, *, janus: str, reset: Callable[[], None]) -> None:
        self.host = host
        self.rooms: dict[str, Room] = {}
        self._path = janus
        self._reset = reset
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Connects to Janus, now and whenever it went away."""
        self._task = asyncio.create_task(self._stay_connected(), name="janus")

    async def close(self) -> None:
        """Ends everything, in Janus too."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._clear()
        if self.host.janus is not None:
            await self.host.janus.close()

    def room(self, name: str) -> Room:
        """The room of this name, made when it is asked for. Rooms without anybody are forgotten."""
        for empty in [known for known, room in self.rooms.items() if room.empty and known != name]:
            del self.rooms[empty]
        return self.rooms.setdefault(name, Room(self.host, name))

    def counts(self) -> Counts:
        viewers = sum(len(room.viewers) for room in self.rooms.values())
        publishers = sum(room.publisher is not None for room in self.rooms.values())
        return Counts(
            peers=viewers + publishers,
            viewers=viewers,
            handles=len(self.host.janus.handles) if self.host.janus else 0,
            rooms=sum(not room.empty for room in self.rooms.values()),
            mounts=sum(room.mounted for room in self.rooms.values()),
            seats=self.host.seats - self.host.taken,
        )

    async def _stay_connected(self) -> None:
        while True:
            if await self._connect():
                await self._lost.wait()
                _log.warning("Janus went away.")
                self.host.janus = self.host.plugin = None
                self._reset()
                await self._clear()
            else:
                await asyncio.sleep(self.host.timeouts.retry)

    async def _connect(self) -> bool:
        self._lost.clear()
        janus = Janus(self._path, self.host.secrets.api_secret, lost=self._lost.set)
        try:
            await janus.connect()
            plugin = Streaming(janus, secrets=self.host.secrets)
            left = await videoroom.destroy_all(janus, self.host.secrets) + await plugin.destroy_all()
        except SfuError as error:
            _log.info("Janus is not there: %s", error.message)
            await janus.close()
            return False
        _log.warning("Connected to Janus; removed %d rooms and mountpoints of before.", left)
        self.host.janus, self.host.plugin = janus, plugin
        return True

    async def _clear(self) -> None:
        """Forgets every peer; the watchers of rooms stay."""
        rooms = list(self.rooms.values())
        await asyncio.gather(*(room.clear() for room in rooms))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self.host.settled()

"""What the rooms of one media host share: the connection to Janus, its secrets, the seats for WebRTC viewers."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from media_worker.sfu.errors import FULL, UNAVAILABLE, SfuError
from media_worker.sfu.gateway.protocol import Event
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.secrets import RoomSecrets
from media_worker.sfu.janus.streaming import Streaming

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # of rooms and peers

# Called on the loop; neither blocks nor raises.
type Notify = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All in seconds."""

    connecting: float = 20.0  # from the first description to media
    silence: float = 4.0  # of a publisher, from when Janus says so: that is a second after its last packet
    linger: float = 3.0  # of a mountpoint without viewers
    retry: float = 0.5  # between attempts to reach Janus


@dataclass(slots=True)
class Host:
    """`janus` is None while it is away."""

    secrets: RoomSecrets
    seats: int
    timeouts: Timeouts = field(default_factory=Timeouts)
    janus: Janus | None = None
    plugin: Streaming | None = None
    taken: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def media(self) -> tuple[Janus, Streaming]:
        """Raises SfuError(webrtc:unavailable) while Janus is away."""
        if self.janus is None or self.plugin is None or not self.janus.connected:
            raise SfuError(UNAVAILABLE, "The media server is away for a moment.")
        return self.janus, self.plugin

    def take_seat(self) -> None:
        """Raises SfuError(webrtc:full)."""
        if self.taken >= self.seats:
            raise SfuError(FULL, "Every seat of this kind is taken.")
        self.taken += 1

    def give_seat(self) -> None:
        self.taken -= 1

    def later(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """Keeps a task until it is done: the loop itself holds tasks weakly."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self) -> None:
        """Waits until every task is done."""
        # Not by the set: a task leaves it a turn of the loop after it is done, and this would not wait for one.
        while pending := [task for task in self._tasks if not task.done()]:
            await asyncio.gather(*pending, return_exceptions=True)

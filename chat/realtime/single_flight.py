"""Work that is done once for all who ask for it in the same moment."""

import asyncio
from collections.abc import Awaitable, Callable


class SingleFlight:
    """What somebody waits for began after they asked, so it has seen everything from before.

    While one turn is under way all who ask share the next: a storm of two thousand is a few round trips.
    """

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Raises what the work raised."""
        if self._next is None:
            self._next = asyncio.create_task(self._turn(self._running))
        # Shielded: the one who leaves must not take it from those who wait with it.
        await asyncio.shield(self._next)

    async def _turn(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        await self._work()

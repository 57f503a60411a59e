"""Does work once for all who ask for it in the same moment."""

import asyncio
from collections.abc import Awaitable, Callable


class SingleFlight:
    """Each caller waits for a run that began after its call, so that the run has seen everything from before.

    While one run is under way, all who call share the next: two thousand calls at once are a few round trips.
    """

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Raises what the work raised."""
        if self._next is None:
            self._next = asyncio.create_task(self._run(self._running))
        # Shielded: the one who leaves must not take it from those who wait with it.
        await asyncio.shield(self._next)

    async def _run(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None
        await self._work()

"""A line between Redis and the hub that loses, delays, repeats and reorders notes by a seed."""

import asyncio
import random
from collections.abc import Awaitable, Callable

from chat.domain.broadcast import Note

type Receive = Callable[[str], Awaitable[Note]]

LOST, TWICE, LATE = 0.3, 0.15, 0.4
LATE_SECONDS = 0.5


class LossyLine:
    """Stands where the hub reads its channel (chat/domain/broadcast.py `receive`)."""

    def __init__(self, receive: Receive, chance: random.Random) -> None:
        self.calm = False  # from here on every note comes, once and at once
        self.carried = self.lost = 0
        self._receive, self._chance = receive, chance
        self._arrived: asyncio.Queue[Note] = asyncio.Queue()
        self._carrying: asyncio.Task[None] | None = None

    async def receive(self, channel: str) -> Note:
        if self._carrying is None:
            self._carrying = asyncio.create_task(self._carry(channel))
        return await self._arrived.get()

    async def stop(self) -> None:
        if self._carrying:
            self._carrying.cancel()
            await asyncio.gather(self._carrying, return_exceptions=True)

    async def _carry(self, channel: str) -> None:
        loop = asyncio.get_running_loop()
        while True:
            note = await self._receive(channel)
            delays = [0.0] if self.calm else self._delays()
            self.carried += 1
            self.lost += not delays
            for delay in delays:
                loop.call_later(delay, self._arrived.put_nowait, note)

    def _delays(self) -> list[float]:
        if self._chance.random() < LOST:
            return []
        copies = 2 if self._chance.random() < TWICE else 1
        late = self._chance.random() < LATE
        return [self._chance.uniform(0, LATE_SECONDS) if late else 0.0 for _ in range(copies)]

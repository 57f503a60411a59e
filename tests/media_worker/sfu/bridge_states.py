"""Collects the states of a bridge."""

import asyncio

from media_worker.sfu.bridge.events import BridgeState


class BridgeStates(list[BridgeState]):
    """The states that came, and a way to wait for one."""

    def __init__(self) -> None:
        super().__init__()
        self._arrived = asyncio.Event()

    def __call__(self, state: BridgeState) -> None:
        self.append(state)
        self._arrived.set()

    async def until(self, state: str, code: str = "", *, after: int = 0) -> int:
        """The place behind that state, from the place `after` on."""
        async with asyncio.timeout(25):
            while True:
                for place, one in enumerate(self[after:], after):
                    if (one.state, one.code) == (state, code):
                        return place + 1
                self._arrived.clear()
                await self._arrived.wait()

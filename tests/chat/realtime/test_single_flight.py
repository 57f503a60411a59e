"""Many who ask in the same moment share one turn, and none gets one that began before they asked."""

import asyncio

import pytest

from chat.realtime.single_flight import SingleFlight


class Work:
    def __init__(self) -> None:
        self.turns = 0
        self.go = asyncio.Event()
        self.fault: Exception | None = None

    async def __call__(self) -> None:
        self.turns += 1
        await self.go.wait()
        if self.fault:
            raise self.fault


async def test_those_of_one_moment_share_a_turn() -> None:
    work = Work()
    together = SingleFlight(work)
    first = asyncio.gather(*(together() for _ in range(100)))
    await asyncio.sleep(0.01)
    later = asyncio.gather(*(together() for _ in range(100)))
    await asyncio.sleep(0.01)
    assert (work.turns, later.done()) == (1, False)

    work.go.set()
    await asyncio.gather(first, later)
    assert work.turns == 2


async def test_a_fault_reaches_those_who_wait_and_nobody_after() -> None:
    work = Work()
    work.go.set()
    work.fault = OSError("gone")
    together = SingleFlight(work)
    found = await asyncio.gather(together(), together(), return_exceptions=True)
    assert [type(error) for error in found] == [OSError, OSError]

    work.fault = None
    await together()


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    work = Work()
    together = SingleFlight(work)
    leaver, stayer = asyncio.create_task(together()), asyncio.create_task(together())
    await asyncio.sleep(0.01)
    leaver.cancel()
    work.go.set()
    await stayer
    with pytest.raises(asyncio.CancelledError):
        await leaver

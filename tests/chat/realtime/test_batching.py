"""A quiet room speaks at once; a loud one in windows that widen with its size and with what the process has to do."""

import asyncio
import time

import pytest

from chat.realtime.batching import Batching


class Spoken:
    """When the loop says that a pace flushed."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.pace = Batching(lambda: self.at.append(asyncio.get_running_loop().time()))

    async def talk(self, messages: int, *, every: float, members: int = 10) -> None:
        for _ in range(messages):
            self.pace.heard(1, connections=members)
            await asyncio.sleep(every)

    async def ends(self) -> None:
        async with asyncio.timeout(5):
            while self.pace._timer is not None:  # noqa: ASYNC110 -- the timer itself is what ends
                await asyncio.sleep(0.01)


async def test_a_quiet_room_does_not_wait() -> None:
    spoken = Spoken()
    for said in range(1, 4):
        spoken.pace.heard(1, connections=1000)
        assert len(spoken.at) == said
        await asyncio.sleep(0.1)


async def test_a_loud_room_speaks_in_windows_and_leaves_nothing_behind() -> None:
    spoken = Spoken()
    await spoken.talk(100, every=0.003)
    await spoken.ends()

    apart = [b - a for a, b in zip(spoken.at, spoken.at[1:], strict=False)]
    assert len(spoken.at) < 40
    assert min(apart[-3:]) >= 0.045


@pytest.mark.parametrize(("members", "window"), [(10, 0.05), (2000, 0.05), (4000, 0.1), (100_000, 0.2)])
def test_windows_widen_with_the_room(members: int, window: float) -> None:
    assert Batching(lambda: None)._window(members) == pytest.approx(window)


async def test_a_process_that_is_late_widens_them_and_shrinks_them_again() -> None:
    spoken = Spoken()
    await spoken.talk(60, every=0.002)
    spoken.pace.heard(1, connections=10)
    time.sleep(0.2)  # noqa: ASYNC251 -- a loop that is held up is what is asked about
    await spoken.ends()
    strained = spoken.pace._window(10)
    assert strained > 0.05

    spoken.pace._end_window(asyncio.get_running_loop().time())
    assert spoken.pace._window(10) < strained
    spoken.pace.stop()

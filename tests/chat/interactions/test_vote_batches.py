"""Votes gathered while others are being stored."""

import asyncio
from collections.abc import Mapping

import pytest
from django.db import DatabaseError

from chat.errors import NotInRoom, PollClosed
from chat.interactions.vote_batches import VoteBatches
from fitfriends.core.errors import DomainError


class Box:
    """Stores when told to; remembers what it got."""

    def __init__(self) -> None:
        self.batches: list[dict[int, int]] = []
        self.open = asyncio.Event()
        self.fault: Exception | None = None

    async def store(self, room_id: str, subject: int, votes: Mapping[int, int]) -> Mapping[int, DomainError]:
        assert (room_id, subject) == ("room-x", 1)
        self.batches.append(dict(votes))
        await self.open.wait()
        if self.fault:
            raise self.fault
        return {user: NotInRoom() for user in votes if user > 100}


async def test_who_votes_while_others_are_stored_is_one_batch() -> None:
    box = Box()
    batches = VoteBatches("room-x", box.store)
    first = asyncio.create_task(batches.cast(1, 1, 0))
    async with asyncio.timeout(5):
        while not box.batches:  # noqa: ASYNC110
            await asyncio.sleep(0)

    more = [asyncio.create_task(batches.cast(1, user, user % 2)) for user in (2, 3, 1, 101)]
    again = asyncio.create_task(batches.cast(1, 2, 1))
    await asyncio.sleep(0)
    box.open.set()
    results = await asyncio.gather(first, *more, again, return_exceptions=True)

    assert box.batches == [{1: 0}, {2: 1, 3: 1, 1: 1, 101: 1}]
    assert [type(result) for result in results] == [type(None)] * 4 + [NotInRoom, type(None)]


@pytest.mark.parametrize("fault", [PollClosed(), DatabaseError("away")])
async def test_a_fault_of_all_is_everybodys_and_the_next_are_stored(fault: Exception) -> None:
    box = Box()
    box.open.set()
    batches = VoteBatches("room-x", box.store)
    box.fault = fault
    results = await asyncio.gather(batches.cast(1, 1, 0), batches.cast(1, 2, 0), return_exceptions=True)
    assert list(results) == [fault, fault]

    box.fault = None
    await batches.cast(1, 1, 0)


async def test_a_socket_that_goes_takes_no_vote_with_it() -> None:
    box = Box()
    batches = VoteBatches("room-x", box.store)
    gone, stays = (asyncio.create_task(batches.cast(1, user, 0)) for user in (1, 2))
    await asyncio.sleep(0)

    gone.cancel()
    box.open.set()
    await stays

    assert box.batches == [{1: 0, 2: 0}]

"""Stores the votes of one process many at a time: a whole room that votes at once costs a few statements."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import redis
from django.db import DatabaseError

from fitfriends.core.errors import DomainError, Unavailable

# (room id, what is voted on, {user id: vote}) -> who was refused, and why.
type Store = Callable[[str, int, Mapping[int, int]], Awaitable[Mapping[int, DomainError]]]


@dataclass(slots=True)
class _PersonVote:
    vote: int
    waiting: list[asyncio.Future[None]] = field(default_factory=list)  # one for each socket of the person


class VoteBatches:
    """The first vote is stored at once. While a batch is being stored, the next one gathers.

    Of several votes of one person in a batch the last one counts, as it would one by one.
    """

    def __init__(self, room_id: str, store: Store) -> None:
        self._room_id = room_id
        self._store = store
        self._waiting: dict[int, dict[int, _PersonVote]] = {}
        self._storing: asyncio.Task[None] | None = None

    async def cast(self, subject: int, user_id: int, vote: int) -> None:
        """Returns when it is stored. Raises what refused it, DatabaseError or RedisError."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        person = self._waiting.setdefault(subject, {}).setdefault(user_id, _PersonVote(vote))
        person.vote = vote
        person.waiting.append(stored)
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        await stored

    def stop(self) -> None:
        if self._storing:
            self._storing.cancel()

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                subject = next(iter(self._waiting))
                await self._store_batch(subject, self._waiting.pop(subject))
        finally:
            self._storing = None

    async def _store_batch(self, subject: int, batch: dict[int, _PersonVote]) -> None:
        """Whatever happens, nobody waits for ever."""
        refused: Mapping[int, Exception] = dict.fromkeys(batch, Unavailable())
        try:
            votes = {user_id: person.vote for user_id, person in batch.items()}
            refused = await self._store(self._room_id, subject, votes)
        except (DomainError, DatabaseError, redis.RedisError) as error:
            refused = dict.fromkeys(batch, error)
        finally:
            for user_id, person in batch.items():
                for stored in person.waiting:
                    _settle(stored, refused.get(user_id))


def _settle(stored: asyncio.Future[None], error: Exception | None) -> None:
    if stored.done():
        return  # the socket went meanwhile
    if error is None:
        stored.set_result(None)
    else:
        stored.set_exception(error)

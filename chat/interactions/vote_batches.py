"""Votes of this process's members, stored many at a time: a room that votes at once is a few statements."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import redis
from django.db import DatabaseError

from fitfriends.core.errors import DomainError, Unavailable

# (room id, what is voted on, {user id: vote}) -> who was refused, and why.
type Store = Callable[[str, int, Mapping[int, int]], Awaitable[Mapping[int, DomainError]]]


@dataclass(slots=True)
class _VoteBatch:
    vote: int
    casting: list[asyncio.Future[None]] = field(default_factory=list)  # all sockets of the person that wait for it


class VoteBatches:
    """While one batch is being stored the next gathers, so that nobody waits for company in a quiet room.

    A person's last vote of a batch counts, as it would one by one.
    """

    def __init__(self, room_id: str, store: Store) -> None:
        self._room_id = room_id
        self._store = store
        self._waiting: dict[int, dict[int, _VoteBatch]] = {}
        self._storing: asyncio.Task[None] | None = None

    async def cast(self, subject: int, user_id: int, vote: int) -> None:
        """Returns when it is stored. Raises what refused it, DatabaseError or RedisError."""
        casting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        ballot = self._waiting.setdefault(subject, {}).setdefault(user_id, _VoteBatch(vote))
        ballot.vote = vote
        ballot.casting.append(casting)
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        await casting

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

    async def _store_batch(self, subject: int, batch: dict[int, _VoteBatch]) -> None:
        """Whatever happens, nobody waits for ever."""
        refused: Mapping[int, Exception] = dict.fromkeys(batch, Unavailable())
        try:
            votes = {user_id: ballot.vote for user_id, ballot in batch.items()}
            refused = await self._store(self._room_id, subject, votes)
        except (DomainError, DatabaseError, redis.RedisError) as error:
            refused = dict.fromkeys(batch, error)
        finally:
            for user_id, ballot in batch.items():
                for casting in ballot.casting:
                    _settle(casting, refused.get(user_id))


def _settle(casting: asyncio.Future[None], error: Exception | None) -> None:
    if casting.done():
        return  # the socket went meanwhile
    if error is None:
        casting.set_result(None)
    else:
        casting.set_exception(error)

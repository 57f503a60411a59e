"""The way from the event loop to the synchronous domain."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

from channels.db import database_sync_to_async
from django.db import connection, connections

# Threads of the talk's own: Django's one sensitive thread would queue every room behind the slowest query.
THREADS = 4
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="chat")


def in_thread[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function as a coroutine function that runs in one of our threads, with tidy database connections."""
    crossed: Callable[P, Awaitable[R]] = database_sync_to_async(function, thread_sensitive=False, executor=_threads)
    return crossed


def close_connections() -> None:
    """Every thread closes what it holds of the database."""
    for closed in _in_every_thread(connections.close_all):
        closed.result()


async def open_connections() -> None:
    """Every thread connects to the database, so that the first to come in do not wait for it. Raises its errors."""

    def connect() -> None:
        connection.ensure_connection()  # the thread's own

    await asyncio.gather(*map(asyncio.wrap_future, _in_every_thread(connect)))


def _in_every_thread(do: Callable[[], None]) -> list[Future[None]]:
    together = Barrier(THREADS)

    def turn() -> None:
        try:
            do()
        finally:
            together.wait(10)  # nobody takes a second turn before each has had one

    return [_threads.submit(turn) for _ in range(THREADS)]

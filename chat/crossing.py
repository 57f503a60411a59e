"""The way from the event loop to the synchronous domain."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from channels.db import database_sync_to_async
from django.db import connections

# Threads of the talk's own: Django's one sensitive thread would queue every room behind the slowest query.
THREADS = 4
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="chat")


def crossing[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function as a coroutine function that runs in one of our threads, with tidy database connections."""
    crossed: Callable[P, Awaitable[R]] = database_sync_to_async(function, thread_sensitive=False, executor=_threads)
    return crossed


def close_connections() -> None:
    """Every thread closes what it holds of the database."""
    together = Barrier(THREADS)

    def close() -> None:
        connections.close_all()
        together.wait(10)  # nobody takes a second turn before each has had one

    for closed in [_threads.submit(close) for _ in range(THREADS)]:
        closed.result()

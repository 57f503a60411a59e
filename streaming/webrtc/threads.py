"""From the event loop to the database and back."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from channels.db import database_sync_to_async
from django.db import connections

# Threads of signalling's own: a slow query here holds up neither the talk nor Django.
THREADS = 2
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webrtc")


def in_thread[**P, R](function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """The function as a coroutine function that runs in one of our threads, with tidy database connections."""
    crossed: Callable[P, Awaitable[R]] = database_sync_to_async(function, thread_sensitive=False, executor=_threads)
    return crossed


def close_connections() -> None:
    """Each thread closes what it holds of the database."""
    together = Barrier(THREADS)

    def turn() -> None:
        try:
            connections.close_all()
        finally:
            together.wait(10)  # nobody takes a second turn before each has had one

    for closed in [_threads.submit(turn) for _ in range(THREADS)]:
        closed.result()

"""Threads in which synchronous code uses the database on behalf of an event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

from channels.db import database_sync_to_async
from django.db import connection, connections


class DatabaseThreads:
    """A few threads of one part's own, each with its own database connection.

    Django's one sensitive thread would queue every part behind the slowest query of any.
    """

    def __init__(self, name: str, count: int) -> None:
        self._count = count
        self._executor = ThreadPoolExecutor(count, thread_name_prefix=name)

    def in_thread[**P, R](self, function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
        """The function as a coroutine function that runs in one of the threads, with tidy database connections."""
        threaded: Callable[P, Awaitable[R]] = database_sync_to_async(
            function, thread_sensitive=False, executor=self._executor
        )
        return threaded

    def close_connections(self) -> None:
        """Closes the database connection of every thread."""
        for closed in self._in_every_thread(connections.close_all):
            closed.result()

    async def open_connections(self) -> None:
        """Connects every thread to the database, so that the first to ask does not wait for it. Raises its errors."""

        def connect() -> None:
            connection.ensure_connection()  # the thread's own

        await asyncio.gather(*map(asyncio.wrap_future, self._in_every_thread(connect)))

    def _in_every_thread(self, work: Callable[[], None]) -> list[Future[None]]:
        all_threads = Barrier(self._count)

        def once() -> None:
            try:
                work()
            finally:
                all_threads.wait(10)  # no thread takes a second piece of work before each has had one

        return [self._executor.submit(once) for _ in range(self._count)]

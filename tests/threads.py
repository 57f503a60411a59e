"""Several callers at the same moment, each with a database connection of their own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread

from django.db import connection

from fitfriends.core import errors


def at_once[T](jobs: Sequence[Callable[[], T]]) -> tuple[list[T], list[str]]:
    """What came back, and the codes of what was refused; anything else that was raised fails the test."""
    start = Barrier(len(jobs))
    returned: list[T] = []
    refused: list[str] = []
    broken: list[Exception] = []

    def run(job: Callable[[], T]) -> None:
        try:
            start.wait()
            returned.append(job())
        except errors.DomainError as error:
            refused.append(error.code)
        except Exception as error:  # noqa: BLE001 -- shown below, in the test's own thread
            broken.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise ExceptionGroup("What the callers at once ran into", broken)
    return returned, refused

"""Says what happens, one line per step, with its seconds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

type Step = Callable[[str], AbstractContextManager[None]]


@contextmanager
def shown(label: str) -> Iterator[None]:
    began = time.monotonic()
    if sys.stdout.isatty():
        say(f"  ...  {label}", end="")
    try:
        yield
    except BaseException:
        say(f"{_start()}  fail {label}")
        raise
    say(f"{_start()}  ok   {label:<44} {time.monotonic() - began:5.1f} s")


def say(line: str, end: str = "\n") -> None:
    """Print, unless the terminal is gone: a stack must be stopped with nobody there to read of it."""
    with suppress(OSError):
        print(line, end=end, flush=True)


def _start() -> str:
    return "\r" if sys.stdout.isatty() else ""


@contextmanager
def silent(label: str) -> Iterator[None]:  # noqa: ARG001 -- the same shape as `shown`
    yield

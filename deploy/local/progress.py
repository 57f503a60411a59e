"""Says what happens, one line per step, with its seconds."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

type Step = Callable[[str], AbstractContextManager[None]]


@contextmanager
def shown(label: str) -> Iterator[None]:
    began = time.monotonic()
    if sys.stdout.isatty():
        print(f"  ...  {label}", end="", flush=True)
    try:
        yield
    except BaseException:
        print(f"{_start()}  fail {label}", flush=True)
        raise
    print(f"{_start()}  ok   {label:<44} {time.monotonic() - began:5.1f} s", flush=True)


def _start() -> str:
    return "\r" if sys.stdout.isatty() else ""


@contextmanager
def silent(label: str) -> Iterator[None]:  # noqa: ARG001 -- the same shape as `shown`
    yield

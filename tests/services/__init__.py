"""Private PostgreSQL and Redis for one test run, on free ports, gone when the run ends."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.services import postgres, redis

PREFIX = "ffc-test-"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- a directory of our own is made in it
NEEDED_BYTES = 512 * 2**20  # a container often gives /dev/shm 64 MB: too little for PostgreSQL


@dataclass(frozen=True, slots=True)
class Services:
    folder: Path
    database_url: str
    redis_url: str
    stop: Callable[[], None]


def start() -> Services:
    """Start both; `stop` may be called twice and leaves neither process nor file."""
    base = _base_directory()
    _remove_leftovers(base)
    with ExitStack() as stack:
        directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        directory.chmod(0o711)  # PostgreSQL runs as another user and must pass through
        redis_url = stack.enter_context(redis.running(directory / "redis"))
        database_url = stack.enter_context(postgres.running(directory / "postgres"))
        return Services(directory, database_url, redis_url, stack.pop_all().close)


def _base_directory() -> Path:
    if SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free >= NEEDED_BYTES:
        return SHARED_MEMORY
    return Path(tempfile.gettempdir())


def _remove_leftovers(base: Path) -> None:
    """A run that was killed outright could not tidy up: its directory names its process."""
    for directory in base.glob(f"{PREFIX}*"):
        pid = directory.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(directory, ignore_errors=True)

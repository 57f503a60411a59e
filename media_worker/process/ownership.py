"""Which run may write a room's files, by a locked file beside them.

The database says who holds a room; while it is away, this file does. A run that begins writes its number here; the
run before it reads that number and stops. So a class outlives a database outage of any length, and two runs never
write one room.
"""

import fcntl
import os
import time
from typing import Self

from media_worker.layout import RoomLayout

# A predecessor looks ten times a second; one that does not let go by then hangs, and will look before it writes.
_PATIENCE_SECONDS = 3.0
_STEP_SECONDS = 0.05


class Ownership:
    """Held by one run from before its first file to after its last. Use as a context manager."""

    def __init__(self, layout: RoomLayout, *, run: int) -> None:
        self._path = layout.owner
        self._name = str(run)
        self._file = -1

    def __enter__(self) -> Self:
        """Writes our run's number, then waits for the run before to let go. Raises OSError when the disk refuses."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, self._name.encode(), 0)
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._lock() and time.monotonic() < until:
            time.sleep(_STEP_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    @property
    def ours(self) -> bool:
        """Whether no other run has begun since."""
        try:
            return self._path.read_text() == self._name
        except OSError:
            return False

    def _lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

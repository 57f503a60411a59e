"""A child process for an event loop, with the guarantees of `child.Child` and without threads."""

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import Callable, Sequence

from media_worker.process.child import Exit, tied_to_parent

_RING_LINES = 60
_LONGEST_LINE = 500
_CHUNK = 4096


class AsyncChild:
    """Owns a child from start to reaping: a session of its own, the tail of its stderr kept, its group killed.

    Make it with `start`. `on_line` gets each line of its standard output on the loop; it neither blocks nor raises.
    """

    def __init__(self, process: asyncio.subprocess.Process, on_line: Callable[[str], None] | None) -> None:
        self._process = process
        self._ring: deque[str] = deque(maxlen=_RING_LINES)
        streams = [(process.stderr, self._ring.append), (process.stdout, on_line)]
        self._readers = [asyncio.create_task(_lines(pipe, take)) for pipe, take in streams if pipe and take]
        self._ended = asyncio.create_task(self._end(), name=f"child-{process.pid}")

    @classmethod
    async def start(cls, argv: Sequence[str], *, on_line: Callable[[str], None] | None = None) -> "AsyncChild":
        """Raises OSError when there is no such program."""
        process = await asyncio.create_subprocess_exec(
            *tied_to_parent(),
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if on_line else asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return cls(process, on_line)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def wait(self) -> Exit:
        """Its end, whenever that is. Being cancelled leaves the child as it is."""
        return await asyncio.shield(self._ended)

    async def stop(self, *, grace: float) -> Exit:
        """Asks for a clean end, then firmly, then kills; `grace` seconds for each. Always reaps."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._signal(number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    return await self.wait()
        return await self.kill()

    async def kill(self) -> Exit:
        """Ends the whole group at once and reaps it."""
        self._signal(signal.SIGKILL)
        return await self.wait()

    async def _end(self) -> Exit:
        code = await self._process.wait()
        # The child is gone, but something it started may hold its group: none of it survives.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        await asyncio.wait(self._readers, timeout=1.0)
        for task in self._readers:
            task.cancel()
        return Exit(code, "\n".join(self._ring))

    def _signal(self, number: signal.Signals) -> None:
        # Only before reaping: afterwards the id may be somebody else's.
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)


async def _lines(pipe: asyncio.StreamReader, take: Callable[[str], None]) -> None:
    """Drains a pipe for ever: a full one would stop the child. Lines that are too long are cut."""
    rest = b""
    while chunk := await pipe.read(_CHUNK):
        *lines, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            take(line[:_LONGEST_LINE].decode("utf-8", "replace").rstrip())
        rest = rest[:_LONGEST_LINE]
    if rest:
        take(rest.decode("utf-8", "replace").rstrip())

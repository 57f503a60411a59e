"""Sends a burst so that the receiver's socket can hold it.

Whoever reads on the other side opened its socket with the kernel's default, 208 KB on most hosts. A datagram of 1200
bytes takes 2304 of them, so 92 fit: less than a keyframe of HD.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path

_DEFAULT_FILE = Path("/proc/sys/net/core/rmem_default")
_DEFAULT_BYTES = 212_992
_DATAGRAM_BYTES = 2304  # a buffer of 2 KB and its header: what the kernel charges for up to 1500 bytes
_TICK = 0.001
# The reader may be off the processor for this long.
_PATIENCE_SECONDS = 0.025
# What waits longer than this came faster than it can ever leave; at 4 Mbit/s it is ten seconds.
_MOST_WAITING = 4096


def default_buffer() -> int:
    """Bytes that a socket receives into when nobody asks for more."""
    try:
        return int(_DEFAULT_FILE.read_text())
    except (OSError, ValueError):
        return _DEFAULT_BYTES


class Pacer:
    """Hands datagrams to `send` in order, at once while there are few, else evenly. Use it on one loop; close it.

    `buffer` is the receiving socket's size in bytes. `dropped` counts what was thrown away.
    """

    def __init__(self, send: Callable[[bytes], None], *, buffer: int | None = None) -> None:
        size = default_buffer() if buffer is None else buffer
        room = max(16, size // _DATAGRAM_BYTES)
        self._send = send
        # A burst fills a quarter; the rest is for a reader that comes late.
        self._burst = room / 4
        self._rate = room / 2 / _PATIENCE_SECONDS
        self._allowed = self._burst
        self._counted_at = asyncio.get_running_loop().time()
        self._waiting: deque[bytes] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.dropped = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def send(self, datagram: bytes) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(datagram)
        if self._timer is None:
            self._flush()

    def close(self) -> None:
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._allowed = min(self._burst, self._allowed + (now - self._counted_at) * self._rate)
        self._counted_at = now
        self._timer = None
        while self._waiting and self._allowed >= 1:
            self._allowed -= 1
            self._send(self._waiting.popleft())
        if self._waiting:
            self._timer = loop.call_later(_TICK, self._flush)

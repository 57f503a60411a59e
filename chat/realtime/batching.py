"""How often a room speaks: at once while it is quiet, in arrays while it is loud."""

import asyncio
from collections.abc import Callable

from django.conf import settings

# A message in a quiet room does not wait. Beyond this many a second reading is no faster than an array.
QUIET_A_SECOND = 15.0
LONGEST_WINDOW = 0.2
# Each connection of a room costs a write per frame; windows widen so that a large loud room leaves the loop time.
WINDOW_PER_CONNECTION = 25e-6
_SMOOTHING = 0.2


class Batching:
    """Calls `flush` when what waits is to leave: in the same turn of the loop, or at the end of a window.

    A window that ends late shows that the process is short of time, whatever takes it (many rooms, TLS, a server
    that does not show its transport). The next window is then twice as long, up to LONGEST_WINDOW; windows that end
    in time shrink again.
    """

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_at = 0.0
        self._gap = 1.0  # seconds between messages, smoothed
        self._heard_at = 0.0
        self._strain = 1.0
        self._shortest = settings.CHAT_WINDOW_MS / 1000  # 0: each message leaves at once, however loud it is

    def heard(self, messages: int, *, connections: int, is_much: bool = False) -> None:
        """Tells that `messages` are to leave to so many connections. `is_much`: flush now, whatever the window."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        gap = min(1.0, now - self._heard_at) / max(1, messages)
        self._gap += (gap - self._gap) * _SMOOTHING
        self._heard_at = now
        if is_much:
            self.stop()
        if self._timer is not None:
            return
        wait = self._flushed_at + self._window(connections) - now if self.is_loud and not is_much else 0.0
        if wait > 0:
            self._timer = loop.call_at(now + wait, self._end_window, now + wait)
        else:
            self._leave(now)

    @property
    def is_loud(self) -> bool:
        return self._shortest > 0 and self._gap < 1 / QUIET_A_SECOND

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _window(self, connections: int) -> float:
        wanted = max(self._shortest, connections * WINDOW_PER_CONNECTION) * self._strain
        return min(LONGEST_WINDOW, wanted)

    def _end_window(self, due: float) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        is_late = now - due > self._shortest / 2
        self._strain = min(4.0, self._strain * 2) if is_late else max(1.0, self._strain * 0.9)
        self._leave(now)

    def _leave(self, now: float) -> None:
        self._flushed_at = now
        self._flush()

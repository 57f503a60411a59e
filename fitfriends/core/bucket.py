"""A token bucket in memory: what one connection may do."""

import time


class Bucket:
    """Holds `size` tokens, refilled at `rate` a second."""

    __slots__ = ("_left", "_rate", "_seen", "_size")

    def __init__(self, size: float, rate: float) -> None:
        self._size, self._rate = size, rate
        self._left = size
        self._seen = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

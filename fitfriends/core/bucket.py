"""Token buckets in memory: how often one caller may do something. Plain Python: the media gateway uses them too."""

import time
from collections import OrderedDict


class Bucket:
    """Holds `size` tokens, refilled at `rate` a second."""

    __slots__ = ("_left", "_rate", "_seen", "_size")

    def __init__(self, size: float, rate: float) -> None:
        self._size, self._rate = size, rate
        self._left = size
        self._seen = time.monotonic()

    def take(self) -> bool:
        """Whether this one may pass."""
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Buckets:
    """One bucket for each name, at most `most`: the names that asked longest ago are forgotten."""

    def __init__(self, size: float, rate: float, *, most: int) -> None:
        self._size, self._rate, self._most = size, rate, most
        self._known: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, name: str) -> bool:
        """Whether this one may pass."""
        bucket = self._known.setdefault(name, Bucket(self._size, self._rate))
        self._known.move_to_end(name)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return bucket.take()

"""How often something may be asked: a bucket that fills by itself."""

import time
from collections import OrderedDict

_MOST = 4096


class TokenBucket:
    """`burst` at once, then `rate` a second."""

    def __init__(self, *, burst: float, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._left = burst
        self._at = time.monotonic()

    def take(self) -> bool:
        """Whether this one may pass."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class TokenBuckets:
    """One bucket a name; the names that asked longest ago are forgotten."""

    def __init__(self, *, burst: float, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._known: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, name: str) -> bool:
        bucket = self._known.setdefault(name, TokenBucket(burst=self._burst, rate=self._rate))
        self._known.move_to_end(name)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return bucket.take()

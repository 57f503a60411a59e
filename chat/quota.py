"""How many frames one socket may send, counted in memory; what a person may say is limits.py's."""

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


class Quota:
    FRAMES, FRAMES_A_SECOND = 40, 10
    FAULTS, FAULTS_A_MINUTE = 10, 10

    __slots__ = ("_faults", "_frames")

    def __init__(self) -> None:
        self._frames = Bucket(self.FRAMES, self.FRAMES_A_SECOND)
        self._faults = Bucket(self.FAULTS, self.FAULTS_A_MINUTE / 60)

    def frame(self) -> bool:
        return self._frames.take()

    def fault(self) -> bool:
        return self._faults.take()

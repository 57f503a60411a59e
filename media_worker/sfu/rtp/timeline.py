"""Maps RTP timestamps to moments, learned from when packets arrive.

Janus' forwarder keeps sender reports to itself, so two streams of one publisher share no clock. They do share the
way: whatever the network delays, the packet that was delayed least came as fast in one stream as in the other. The
least of (arrival - timestamp) over some seconds is therefore the same mapping that a sender report would give, up to
what the publisher's encoders take.
"""

from collections import deque

_BUCKET_SECONDS = 1.0
_BUCKETS = 10
# A moment is moved by no more than this for each second: with two reports a second less than a frame at a time, so
# that no frame's time lies before the last one's.
_SLEW = 0.05
# Of what came in a shorter time, even the fastest may have been late.
_ENOUGH_SECONDS = 0.3
# Beyond it is no drift: the publisher's clock began anew.
_JUMP_SECONDS = 1.0
_HALF = 1 << 31


class Timeline:
    """The timeline of one stream with `rate` ticks a second. Times are seconds of the clock of `arrived`."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._last: int | None = None
        self._buckets: deque[tuple[int, float]] = deque(maxlen=_BUCKETS)
        self._offset: float | None = None
        self._moved_at = 0.0
        self._began: float | None = None

    def arrived(self, timestamp: int, at: float) -> None:
        """Every packet, in whatever order."""
        offset = at - self._unwrapped(timestamp) / self._rate
        self._began = at if self._began is None else self._began
        if self._buckets and abs(offset - self._least()) > _JUMP_SECONDS and self._jumped(offset):
            self._buckets.clear()
            self._offset = None
        bucket = int(at / _BUCKET_SECONDS)
        if not self._buckets or self._buckets[-1][0] != bucket:
            self._buckets.append((bucket, offset))
        elif offset < self._buckets[-1][1]:
            self._buckets[-1] = bucket, offset

    def moment(self, timestamp: int, *, now: float) -> float:
        """When this was captured, as seconds of the arrivals' clock. Only after a first arrival."""
        wanted = self._least()
        if self._offset is None:
            self._offset = wanted
        else:
            most = _SLEW * max(0.0, now - self._moved_at)
            self._offset += min(most, max(-most, wanted - self._offset))
        self._moved_at = now
        return self._offset + self._near(timestamp) / self._rate

    def settled(self, *, now: float) -> bool:
        """Whether it has listened for long enough to tell the fast from the late."""
        return self._began is not None and now - self._began >= _ENOUGH_SECONDS

    def _least(self) -> float:
        return min(offset for _, offset in self._buckets)

    def _jumped(self, offset: float) -> bool:
        """Late packets lie behind the least; only what is early, or later than any network, is a jump."""
        return offset < self._least() or offset - self._least() > 10 * _JUMP_SECONDS

    def _unwrapped(self, timestamp: int) -> int:
        found = timestamp if self._last is None else self._near(timestamp)
        if self._last is None or found > self._last:
            self._last = found
        return found

    def _near(self, timestamp: int) -> int:
        """The 32 bits as the number without an end that is next to the newest."""
        last = self._last or 0
        return last + (timestamp - last + _HALF) % (1 << 32) - _HALF

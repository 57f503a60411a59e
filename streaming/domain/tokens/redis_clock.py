"""Moments by one clock for all machines: Redis' own. Rights that come and go within a millisecond stay in order."""

from fitfriends.core import redis

MICROSECONDS = 1_000_000


def now() -> int:
    """Microseconds since the epoch. Whoever mints a token asks before checking access (see revocations)."""
    seconds, rest = redis.client().time()
    return seconds * MICROSECONDS + rest

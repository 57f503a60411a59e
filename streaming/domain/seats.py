"""Who holds a place in a room: never more than the room has, counted by person.

A sorted set by last sign of life on Redis' clock. A seat that was silent for SEAT_SILENCE_SECONDS is free again.
"""

from django.conf import settings

from fitfriends.core import redis

_CAP_SECONDS = 2 * 24 * 3600

_CLAIM = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
if not redis.call('ZSCORE', KEYS[1], ARGV[1])
  and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 2)
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[4])
return 1
"""


def key(room_id: str) -> str:
    return redis.key("seats", room_id)


def cap_key(room_id: str) -> str:
    """How many seats there are, for the heartbeats, which never ask the database."""
    return redis.key("seats", room_id, "cap")


def silence_ms() -> int:
    return int(settings.SEAT_SILENCE_SECONDS) * 1000


def claim(room_id: str, user_id: int, *, places: int) -> bool:
    """A seat, or the one already held; False when all are taken. Atomic."""
    taken = redis.client().eval(
        _CLAIM, 2, key(room_id), cap_key(room_id), user_id, places, silence_ms(), _CAP_SECONDS
    )
    return bool(taken)


def free(room_id: str, user_id: int) -> None:
    redis.client().zrem(key(room_id), user_id)


def holds(room_id: str, user_id: int) -> bool:
    return redis.client().zscore(key(room_id), user_id) is not None


def taken(room_id: str) -> int:
    return redis.client().zcard(key(room_id))


def resize(room_id: str, *, places: int) -> None:
    """More or fewer seats from now on; nobody is sent away."""
    redis.client().set(cap_key(room_id), places, ex=_CAP_SECONDS)


def remove_all(room_id: str) -> None:
    redis.client().delete(key(room_id), cap_key(room_id))

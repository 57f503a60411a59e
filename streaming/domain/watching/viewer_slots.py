"""Who holds one of a stream's viewer slots: never more people than it has, counted by person.

A sorted set by last sign of life on Redis' clock. A slot that was silent for SEAT_SILENCE_SECONDS is free again.
Slots are claimed by admission.py. In Redis they are called seats.
"""

from django.conf import settings

from fitfriends.core import redis

CAP_SECONDS = 2 * 24 * 3600

# claim_viewer_slot: a slot, or the one already held; false when all are taken.
# keep_viewer_slot: the same for a sign of life. It knows how many slots there are from Redis alone; where Redis has
# forgotten it, nobody is sent away.
LUA = """
local function claim_viewer_slot(slots, cap, user, limit, silence, cap_seconds)
  forget_silent(slots, silence)
  if not is_held(slots, user, silence) and not has_room(slots, limit) then return false end
  hold(slots, user, silence)
  redis.call('SET', cap, limit, 'EX', cap_seconds)
  return true
end
local function keep_viewer_slot(slots, cap, user, silence)
  if not is_held(slots, user, silence) then
    forget_silent(slots, silence)
    local limit = redis.call('GET', cap)
    if limit and not has_room(slots, tonumber(limit)) then return false end
  end
  hold(slots, user, silence)
  return true
end
"""


def key(room_id: str) -> str:
    return redis.key("seats", room_id)


def cap_key(room_id: str) -> str:
    """How many slots there are, for the heartbeats, which never ask the database."""
    return redis.key("seats", room_id, "cap")


def silence_ms() -> int:
    return int(settings.SEAT_SILENCE_SECONDS) * 1000


def free(room_id: str, user_id: int) -> None:
    redis.client().zrem(key(room_id), user_id)


def holds(room_id: str, user_id: int) -> bool:
    return redis.client().zscore(key(room_id), user_id) is not None


def taken(room_id: str) -> int:
    return redis.client().zcard(key(room_id))


def resize(room_id: str, *, slots: int) -> None:
    """More or fewer slots from now on; nobody is sent away."""
    redis.client().set(cap_key(room_id), slots, ex=CAP_SECONDS)


def remove_all(room_id: str) -> None:
    redis.client().delete(key(room_id), cap_key(room_id))

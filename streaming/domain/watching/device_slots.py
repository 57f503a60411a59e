"""A person's device slots in a room: PLACES_PER_PERSON devices play at the same time, and the newest wins.

One sorted set per person and room, by last sign of life on Redis' clock; silent for SEAT_SILENCE_SECONDS is gone.
A slot is spelt by the moment it was taken and its device, so the oldest sorts first; playback tokens carry it. One
that was lost is written beside the revocations, from where every verdict process learns it.
"""

import hashlib
from typing import cast

from django.conf import settings

from fitfriends.core import redis

NO_SLOT = ""  # those who run the class, and everybody while there is no limit
MOMENT = 13  # hexadecimal digits of microseconds since the epoch, until the year 2112
_DEVICE = 16

# take_device_slot: the slot, or '' when all are taken and the caller must not take somebody's (renewing).
# keep_device_slot: whether a slot that shows a sign of life still counts; one that was silent for too long comes back
# while its person has room for it, and is refused for good when not. `who`: the head of the person's names beside the
# revocations; the first `head` characters of a slot are its moment.
LUA = """
local function lose_device_slot(slots, revoked, slot, who)
  redis.call('ZADD', revoked, string.format('%.0f', micros), who .. slot)
  redis.call('ZREM', slots, slot)
end
local function take_device_slot(slots, revoked, slot, limit, silence, takes, who, head)
  forget_silent(slots, silence)
  local held = redis.call('ZRANGE', slots, 0, -1)
  table.sort(held)
  for index, mine in ipairs(held) do
    if string.sub(mine, head + 1) == string.sub(slot, head + 1) then
      if takes and mine ~= slot then
        lose_device_slot(slots, revoked, table.remove(held, index), who)
        break
      end
      hold(slots, mine, silence)
      return mine
    end
  end
  if not takes and #held >= limit then return '' end
  while #held >= limit do lose_device_slot(slots, revoked, table.remove(held, 1), who) end
  hold(slots, slot, silence)
  return slot
end
local function keep_device_slot(slots, revoked, slot, limit, silence, who)
  if not is_held(slots, slot, silence) then
    if redis.call('ZSCORE', revoked, who .. slot) then return false end
    forget_silent(slots, silence)
    if not has_room(slots, limit) then
      lose_device_slot(slots, revoked, slot, who)
      return false
    end
  end
  hold(slots, slot, silence)
  return true
end
"""


def key_head(room_id: str) -> str:
    """Followed by a person's id: where their slots are."""
    return redis.key("places", room_id, "")


def limit() -> int:
    """0: as many as they like."""
    return int(settings.PLACES_PER_PERSON)


def spell(device: str, stamp: int) -> str:
    """The name of a slot that is taken now. NO_SLOT while there is no limit."""
    if not limit():
        return NO_SLOT
    return f"{stamp:0{MOMENT}x}{hashlib.sha256(device.encode()).hexdigest()[:_DEVICE]}"


def forget(room_id: str, user_id: int) -> None:
    redis.client().delete(f"{key_head(room_id)}{user_id}")


def held(room_id: str, user_id: int) -> list[str]:
    """The oldest first."""
    return sorted(cast("list[str]", redis.client().zrange(f"{key_head(room_id)}{user_id}", 0, -1)))

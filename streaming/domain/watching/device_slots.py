"""A person's places in a room: the devices that play at the same time, PLACES_PER_PERSON of them. The newest wins.

One sorted set per person and room, by last sign of life on Redis' clock; silent for SEAT_SILENCE_SECONDS is gone.
A place is spelt by the moment it was taken and its device, so the oldest sorts first; playback tokens carry it. One
that was lost is written beside the revocations, from where every verdict process learns it.
"""

import hashlib
from typing import cast

from django.conf import settings

from fitfriends.core import redis

NO_PLACE = ""  # those who run the class, and everybody while there is no limit
MOMENT = 13  # hexadecimal digits of microseconds since the epoch, until the year 2112
_DEVICE = 16

# The place, or '' when all are taken and the caller must not take somebody's (renewing). `who`: the head of the
# person's names beside the revocations; the first `head` characters of a place are its moment.
LUA = """
local function take_place(held_by, revoked, place, limit, silence, takes, who, head)
  redis.call('ZREMRANGEBYSCORE', held_by, '-inf', now - silence)
  local held = redis.call('ZRANGE', held_by, 0, -1)
  table.sort(held)
  local function lose(which)
    redis.call('ZADD', revoked, string.format('%.0f', micros), who .. which)
    redis.call('ZREM', held_by, which)
  end
  for index, mine in ipairs(held) do
    if string.sub(mine, head + 1) == string.sub(place, head + 1) then
      if takes and mine ~= place then
        lose(table.remove(held, index))
        break
      end
      redis.call('ZADD', held_by, now, mine)
      return mine
    end
  end
  if not takes and #held >= limit then return '' end
  while #held >= limit do lose(table.remove(held, 1)) end
  redis.call('ZADD', held_by, now, place)
  redis.call('PEXPIRE', held_by, silence * 2)
  return place
end
"""


def key_head(room_id: str) -> str:
    """Followed by a person's id: where their places are."""
    return redis.key("places", room_id, "")


def limit() -> int:
    """0: as many as they like."""
    return int(settings.PLACES_PER_PERSON)


def spell(device: str, stamp: int) -> str:
    """The name of a place that is taken now. NO_PLACE while there is no limit."""
    if not limit():
        return NO_PLACE
    return f"{stamp:0{MOMENT}x}{hashlib.sha256(device.encode()).hexdigest()[:_DEVICE]}"


def forget(room_id: str, user_id: int) -> None:
    redis.client().delete(f"{key_head(room_id)}{user_id}")


def held(room_id: str, user_id: int) -> list[str]:
    """The oldest first."""
    return sorted(cast("list[str]", redis.client().zrange(f"{key_head(room_id)}{user_id}", 0, -1)))

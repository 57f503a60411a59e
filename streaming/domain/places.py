"""A person's places in a room: the devices that play at the same time, PLACES_PER_PERSON of them. The newest wins.

One sorted set per person and room, by last sign of life on Redis' clock; silent for SEAT_SILENCE_SECONDS is gone.
A place is spelt by the moment it was taken and its device, so the oldest sorts first; playback tokens carry it. One
that was lost is written beside the revocations, from where every verdict process learns it.
"""

import hashlib
from typing import cast

from django.conf import settings

from fitfriends.core import redis
from streaming.domain import revocations, seats

NO_PLACE = ""  # those who run the class, and everybody while there is no limit
_MOMENT = 13  # hexadecimal digits of microseconds since the epoch, until the year 2112
_DEVICE = 16

# Answers with the place, or '' when all are taken and the caller must not take somebody's (renewing).
_TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local moment = string.format('%.0f', t[1] * 1000000 + t[2])
local place, limit, silence = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local takes, who, head = ARGV[4] == '1', ARGV[5], tonumber(ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - silence)
local held = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(held)
local function lose(which)
  redis.call('ZADD', KEYS[2], moment, who .. which)
  redis.call('ZREM', KEYS[1], which)
end
for index, mine in ipairs(held) do
  if string.sub(mine, head + 1) == string.sub(place, head + 1) then
    if takes and mine ~= place then
      lose(table.remove(held, index))
      break
    end
    redis.call('ZADD', KEYS[1], now, mine)
    return mine
  end
end
if not takes and #held >= limit then return '' end
while #held >= limit do lose(table.remove(held, 1)) end
redis.call('ZADD', KEYS[1], now, place)
redis.call('PEXPIRE', KEYS[1], silence * 2)
return place
"""


def key_head(room_id: str) -> str:
    """Followed by a person's id: where their places are."""
    return redis.key("places", room_id, "")


def limit() -> int:
    """0: as many as they like."""
    return int(settings.PLACES_PER_PERSON)


def take(room_id: str, user_id: int, *, device: str, stamp: int) -> str:
    """A place for the device. Its own earlier one is lost, and so is the person's oldest beyond the limit."""
    return _ask(room_id, user_id, device=device, stamp=stamp, takes=True)


def keep(room_id: str, user_id: int, *, device: str, stamp: int) -> str | None:
    """The place that the device has, or a free one. None: others of the same person have them all."""
    found = _ask(room_id, user_id, device=device, stamp=stamp, takes=False)
    return found if found or not limit() else None


def forget(room_id: str, user_id: int) -> None:
    redis.client().delete(f"{key_head(room_id)}{user_id}")


def held(room_id: str, user_id: int) -> list[str]:
    """The oldest first."""
    return sorted(cast("list[str]", redis.client().zrange(f"{key_head(room_id)}{user_id}", 0, -1)))


def _ask(room_id: str, user_id: int, *, device: str, stamp: int, takes: bool) -> str:
    if not limit():
        return NO_PLACE
    place = f"{stamp:0{_MOMENT}x}{hashlib.sha256(device.encode()).hexdigest()[:_DEVICE]}"
    keys = (f"{key_head(room_id)}{user_id}", revocations.KEY)
    who = revocations.place_member(room_id, user_id, "")
    taken = redis.client().eval(_TAKE, 2, *keys, place, limit(), seats.silence_ms(), int(takes), who, _MOMENT)
    return str(taken)

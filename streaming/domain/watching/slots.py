"""What the slots of viewers and of devices have in common: a sorted set in Redis by each holder's last sign of life.

A holder that was silent for too long holds nothing any more, whether or not it was removed from the set yet.
"""

# `silence` in milliseconds. Each takes the moment from the script's clock (core/redis.py).
LUA = """
local function forget_silent(slots, silence)
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', now - silence)
end
local function is_held(slots, holder, silence)
  local heard = redis.call('ZSCORE', slots, holder)
  return heard and tonumber(heard) > now - silence
end
local function has_room(slots, limit)
  return redis.call('ZCARD', slots) < limit
end
local function hold(slots, holder, silence)
  redis.call('ZADD', slots, now, holder)
  redis.call('PEXPIRE', slots, silence * 2)
end
"""

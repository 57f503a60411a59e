"""Limits how much one person may send, over all their sockets, processes and hosts."""

import logging
from functools import cache
from typing import cast

import redis
from redis.commands.core import Script

from chat.errors import SlowDown
from fitfriends.core.redis import client, key

log = logging.getLogger(__name__)

BURST = 5
MILLISECONDS_A_MESSAGE = 1000

# The generic cell rate algorithm: one number per person, the time at which the allowance is full again.
# Redis' own clock, so that hosts need not agree. Returns the milliseconds to wait, 0 when the message may go.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval = tonumber(ARGV[1])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = full - now - (tonumber(ARGV[2]) - 1) * interval
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%d', full + interval), 'PX', full + interval - now)
return 0
"""


@cache
def _take() -> Script:
    return client().register_script(_TAKE)


def take(user_id: int) -> None:
    """Counts one message; raises SlowDown. While Redis is away the limit of each socket still holds."""
    try:
        wait = cast("int", _take()(keys=[key("chat", "rate", user_id)], args=[MILLISECONDS_A_MESSAGE, BURST]))
    except redis.RedisError:
        log.warning("Messages are not counted: Redis does not answer.", exc_info=True)
        return
    if wait:
        raise SlowDown(retry_after=-(-int(wait) // 1000))

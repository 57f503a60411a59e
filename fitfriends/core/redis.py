"""One pool of Redis connections per process for synchronous code, one per event loop for asynchronous code."""

import asyncio
import weakref
from functools import cache

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

# A pool that blocks instead of failing: redis-py 8 refuses the 101st connection by default.
_POOL = {"max_connections": 64, "timeout": 5, "socket_timeout": 5, "socket_connect_timeout": 2}

_async_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = (
    weakref.WeakKeyDictionary()
)


@cache
def client() -> redis.Redis:
    """The process-wide synchronous client; replies are text."""
    pool = redis.BlockingConnectionPool.from_url(
        settings.REDIS_URL,
        decode_responses=True,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        **_POOL,
    )
    return redis.Redis(connection_pool=pool)


def async_client() -> redis.asyncio.Redis:
    """The asynchronous client of the running event loop; replies are text."""
    loop = asyncio.get_running_loop()
    found = _async_clients.get(loop)
    if found is None:
        pool = redis.asyncio.BlockingConnectionPool.from_url(settings.REDIS_URL, decode_responses=True, **_POOL)
        found = _async_clients[loop] = redis.asyncio.Redis(connection_pool=pool)
    return found


def key(*parts: str | int) -> str:
    """Spells a key: `ffc:seats:room-abc`."""
    return ":".join(("ffc", *map(str, parts)))

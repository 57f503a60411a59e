"""One pool of Redis connections per process for synchronous code, one per event loop for asynchronous code."""

import asyncio
import hashlib
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import ExponentialBackoff
from redis.client import Pipeline
from redis.exceptions import NoScriptError
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


# The first words of a script: Redis' clock, as a number of microseconds and of milliseconds since the epoch.
CLOCK = """
local _time = redis.call('TIME')
local micros = _time[1] * 1000000 + _time[2]
local now = math.floor(micros / 1000)
"""


class Script:
    """Lua that Redis runs in one piece, known to it by name from the second time on.

    Composed of parts: each noun defines its Lua functions once, and a script calls those that it needs.
    """

    def __init__(self, *parts: str) -> None:
        self.text = "\n".join((CLOCK, *parts))
        self._name = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def run(self, keys: tuple[str, ...], *args: str | int) -> object:
        try:
            return cast("object", client().evalsha(self._name, len(keys), *keys, *args))
        except NoScriptError:
            return cast("object", client().eval(self.text, len(keys), *keys, *args))


@contextmanager
def alone(name: str, *, seconds: int) -> Iterator[bool]:
    """Whether nobody else does what is named so; a holder that died gives way after these seconds."""
    lock = key("alone", name)
    mine = bool(client().set(lock, 1, nx=True, ex=seconds))
    try:
        yield mine
    finally:
        if mine:
            client().delete(lock)


def take(source: str) -> dict[str, str]:
    """A hash that many write and one takes away to work on; call taken() when done. What is written meanwhile waits.

    What somebody took and did not finish comes again. One at a time: the caller is alone().
    """
    if not client().exists(_taken(source)):
        if not client().exists(source):
            return {}
        client().rename(source, _taken(source))
    return cast("dict[str, str]", client().hgetall(_taken(source)))


def taken(source: str, pipeline: Pipeline | None = None) -> None:
    """The work on what take() gave is done; with a pipeline, when that is executed."""
    (client() if pipeline is None else pipeline).delete(_taken(source))


def _taken(source: str) -> str:
    return f"{source}:taken"

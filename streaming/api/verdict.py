"""May this token see this room? nginx asks here, a few times a minute per viewer; bare ASGI, all from memory.

GET /_verdict?room=<room>&token=<token> answers 200 or 403 with an empty body. What it needs of Redis comes and goes
in the background: revocations twice a second, heartbeats once. If Redis does not answer, verdicts go on.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from redis.exceptions import RedisError

from fitfriends.core import clock
from streaming.domain.tokens import revocations, signing
from streaming.domain.watching.heartbeats import Buffer

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[Mapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)

_REFRESH_SECONDS = 0.5
_FLUSH_SECONDS = 1.0
# Who lost a seat may ask for another this much later.
_UNSEATED_SECONDS = 5.0


class Gate:
    """What one process knows about who may watch, and whom it has heard."""

    def __init__(self) -> None:
        self.known = revocations.Known()
        self.buffer = Buffer()
        self.unseated: dict[tuple[str, int], float] = {}
        self.kept = False  # a background task looks after it
        self._loaded = False
        self._refreshed = self._flushed = 0.0
        self._silent = False  # Redis did not answer last time

    def admits(self, room_id: str, text: str) -> bool:
        """Also remembers the viewer's sign of life. Nobody is let in before the revocations were read once."""
        try:
            token = signing.read_playback(text, room_id=room_id, at=clock.now())
        except signing.Refused:
            return False
        if not self._loaded or self.known.refuses(room_id, token.user_id, token.issued, token.place):
            return False
        until = self.unseated.get((room_id, token.user_id))
        if until is not None:
            if time.monotonic() < until:
                return False
            del self.unseated[room_id, token.user_id]
        self.buffer.add(token)
        return True

    async def keep(self) -> None:
        """Refreshes and flushes what is due."""
        now = time.monotonic()
        try:
            if now - self._refreshed >= _REFRESH_SECONDS:
                self._refreshed = now
                await self.known.refresh()
                self._loaded = True
            if now - self._flushed >= _FLUSH_SECONDS:
                self._flushed = now
                self._learn_unseated(await self.buffer.flush(), now)
            self._silent = False
        except RedisError as error:
            if not self._silent:
                log.warning("Redis does not answer; verdicts come from memory: %s", error)
            self._silent = True

    def _learn_unseated(self, found: set[tuple[str, int]], now: float) -> None:
        self.unseated = {who: until for who, until in self.unseated.items() if until > now}
        self.unseated |= dict.fromkeys(found, now + _UNSEATED_SECONDS)


gate = Gate()
_REFUSED = [(b"content-length", b"0")]


async def verdict(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- ASGI's signature
    if not gate.kept:
        await gate.keep()
    status, headers = (200, _admitted()) if gate.admits(*_asked(scope)) else (403, _REFUSED)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


@cache
def _admitted() -> list[tuple[bytes, bytes]]:
    """How long nginx may go on with this answer when it cannot ask again; how long it need not ask is its own."""
    stale = f"stale-if-error={settings.VERDICT_STALE_SECONDS}".encode()
    return [*_REFUSED, (b"cache-control", stale)]


def _asked(scope: Scope) -> tuple[str, str]:
    try:
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=4))
    except ValueError:
        return "", ""
    return given.get("room", ""), given.get("token", "")


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- ASGI's signature
    """Keeps the gate while the server runs; its first question for revocations comes before the first viewer."""
    keeper: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await gate.keep()
            gate.kept = True
            keeper = asyncio.create_task(_keep_on())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await _stop(keeper)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stop(keeper: asyncio.Task[None] | None) -> None:
    gate.kept = False
    if keeper is not None:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def _keep_on() -> None:
    while True:
        await asyncio.sleep(_REFRESH_SECONDS / 2)
        try:
            await gate.keep()
        except Exception:
            # Without its keeper a process would let revoked viewers in for hours; nothing may end it.
            log.exception("Keeping the gate failed; going on.")

"""May this token see this room? nginx asks here, a few times a minute per viewer; bare ASGI, all from memory.

GET /_verdict?room=<room>&token=<token> answers 200 or 403 with an empty body. domain/watching/verdicts.py decides.
"""

import asyncio
import contextlib
import logging
from functools import cache
from urllib.parse import parse_qsl

from django.conf import settings

from fitfriends.core.asgi import Receive, Scope, Send
from streaming.domain.watching import verdicts

log = logging.getLogger(__name__)

_REFUSED = [(b"content-length", b"0")]


async def verdict(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 -- ASGI's signature
    if not verdicts.gate.kept:
        await verdicts.gate.keep()
    status, headers = (200, _admitted()) if verdicts.gate.admits(*_asked(scope)) else (403, _REFUSED)
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
            await verdicts.gate.keep()
            verdicts.gate.kept = True
            keeper = asyncio.create_task(_keep_on())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await _stop(keeper)
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stop(keeper: asyncio.Task[None] | None) -> None:
    verdicts.gate.kept = False
    if keeper is not None:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def _keep_on() -> None:
    while True:
        await asyncio.sleep(verdicts.REFRESH_SECONDS / 2)
        try:
            await verdicts.gate.keep()
        except Exception:
            # Without its keeper a process would let revoked viewers in for hours; nothing may end it.
            log.exception("Keeping the gate failed; going on.")

"""What goes out on one socket, in its order, without anybody waiting for its reader."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fitfriends.core.frames import encode
from streaming.webrtc.frames import Close, Outbound

# A reader that lets as many wait is gone.
FRAMES = 128


class Outbox:
    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._send = send
        self._waiting: asyncio.Queue[Outbound | Close] = asyncio.Queue()

    def put(self, frame: Outbound) -> None:
        if self._waiting.qsize() >= FRAMES:
            self.close(Close.SILENT)
        else:
            self._waiting.put_nowait(frame)

    def close(self, code: Close) -> None:
        """After what waits."""
        self._waiting.put_nowait(code)

    async def run(self) -> None:
        """Until the close frame is out. Raises what a lost connection raises."""
        while True:
            found = await self._waiting.get()
            if isinstance(found, Close):
                await self._send({"type": "websocket.close", "code": int(found)})
                return
            await self._send({"type": "websocket.send", "text": encode(found)})

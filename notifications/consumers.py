"""The bell's socket: pushes what its person is told. Loss is harmless, the page can always ask the API."""

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from notifications.domain import bell
from notifications.protocol import CLOSE_FLOOD, CLOSE_NOT_SIGNED_IN

# The page has nothing to say here; somebody who talks on is cut.
MAX_CLIENT_FRAMES = 20


class BellConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    group: str | None = None
    heard = 0

    async def connect(self) -> None:
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated or not user.is_active:
            await self.close(code=CLOSE_NOT_SIGNED_IN)
            return
        self.group = bell.group_of(user.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        count = await database_sync_to_async(bell.unread)(user.pk)
        await self.send(json.dumps({"type": "unread", "count": count}))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        self.heard += 1
        if self.heard == MAX_CLIENT_FRAMES:
            await self.close(code=CLOSE_FLOOD)

    async def bell_frames(self, event: dict[str, Any]) -> None:
        for frame in event["frames"]:
            await self.send(json.dumps(frame))

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 -- Channels' signature
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

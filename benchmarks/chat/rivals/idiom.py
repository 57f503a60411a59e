"""Channels as its tutorial shows it: a group a room, a channel a member. A signed token, no database."""

import os

import django
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from django.conf import settings
from django.core.signing import Signer
from django.urls import re_path

GROUP = "bench"
settings.configure(
    SECRET_KEY="bench",  # noqa: S106
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": os.environ["REDIS_URL"], "max_connections": 4000}]},
        }
    },
)
django.setup()


class Chat(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels is not typed
    async def connect(self) -> None:
        token = self.scope["query_string"].decode().removeprefix("token=")
        Signer().unsign(token)
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()
        await self.send_json({"type": "welcome"})

    async def disconnect(self, code: int) -> None:  # noqa: ARG002
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def chat_message(self, event: dict[str, object]) -> None:
        await self.send_json(event["payload"])


application = URLRouter([re_path(r"^room/bench$", Chat.as_asgi())])

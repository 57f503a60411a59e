"""The sockets of this app."""

from django.urls import URLPattern, re_path

from chat.realtime.consumer import RoomConsumer

# Any name comes in: an unknown room is refused by the consumer with its close code, not by a failing handshake.
websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^room/(?P<room_id>[^/]*)$", RoomConsumer.as_asgi()),
]

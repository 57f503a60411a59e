"""The sockets of this app."""

from django.urls import URLPattern, re_path

from chat.realtime.consumer import room_socket

# Any name comes in: an unknown room is refused by the consumer with its close code, not by a failing handshake.
websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^room/(?P<room_id>[^/]*)$", room_socket),  # type: ignore[arg-type]  # channels routes to any ASGI application
]

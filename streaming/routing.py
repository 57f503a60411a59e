"""The sockets of this app."""

from django.urls import URLPattern, re_path

from streaming.webrtc.consumer import signalling

# Any name comes in: an unknown room is refused by the consumer with its close code, not by a failing handshake.
websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^webrtc/(?P<room_id>[^/]*)$", signalling),  # type: ignore[arg-type]  # channels routes to any ASGI application
]

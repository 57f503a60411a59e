"""The sockets of this app.

The session cookie counts only here, and only for pages of our own origin; the other sockets bring a token.
"""

from channels.auth import AuthMiddlewareStack
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path

from notifications.consumers import BellConsumer

websocket_urlpatterns = [
    path("ws/me", AllowedHostsOriginValidator(AuthMiddlewareStack(BellConsumer.as_asgi()))),
]

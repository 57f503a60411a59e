"""Sockets, WHIP and WHEP, and the delivery verdict, on ASGI.

The verdict is a bare ASGI function beside Django: fourteen times the answers of an async Django view on the
machine it was measured on, and it needs neither database nor a Redis round trip.
"""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fitfriends.settings.prod")
_django = get_asgi_application()

from channels.routing import URLRouter  # noqa: E402

from chat.realtime.hub import hub  # noqa: E402
from chat.routing import websocket_urlpatterns as chat_sockets  # noqa: E402
from fitfriends.core.asgi import Receive, Scope, Send  # noqa: E402
from notifications.routing import websocket_urlpatterns as notification_sockets  # noqa: E402
from streaming.api.verdict import lifespan, verdict  # noqa: E402
from streaming.routing import websocket_urlpatterns as signalling_sockets  # noqa: E402
from streaming.webrtc.http.whep import whep  # noqa: E402
from streaming.webrtc.http.whip import whip  # noqa: E402

_sockets = URLRouter([*chat_sockets, *notification_sockets, *signalling_sockets])


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"] == "/_verdict":
        await verdict(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(("/whip/", "/whep/")):
        await (whip if scope["path"].startswith("/whip/") else whep)(scope, receive, send)
    elif scope["type"] == "http":
        await _django(scope, receive, send)
    elif scope["type"] == "websocket":
        # uvicorn logs the address of every socket it accepts: ours keeps the token, the server's own loses it.
        ours = dict(scope)
        scope["query_string"] = b""
        await _sockets(ours, receive, send)
    else:
        await hub().warm()
        await lifespan(scope, receive, send)

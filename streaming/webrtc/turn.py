"""ICE servers for one person: STUN and TURN of ours, the latter with credentials that expire by themselves.

TURN REST (draft-uberti-behave-turn-rest-00): the user name is the moment of expiry and who it is, the password its
HMAC with the secret that the TURN server knows too (coturn: use-auth-secret).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from streaming.webrtc.frames import IceServer

# Longer than a class: the TURN server asks again whenever an allocation is made, not while it is used.
LIFE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class IceServers:
    servers: list[IceServer]
    expires_at: datetime


def servers_for(user_id: int, *, at: datetime) -> IceServers:
    """No server of a third party unless the settings name one."""
    expires_at = at + LIFE
    servers: list[IceServer] = []
    if settings.STUN_URLS:
        servers.append(IceServer(urls=list(settings.STUN_URLS)))
    if settings.TURN_URLS and settings.TURN_SERVER_SECRET:
        username, credential = credentials(user_id, expires_at=expires_at)
        servers.append(IceServer(urls=list(settings.TURN_URLS), username=username, credential=credential))
    return IceServers(servers, expires_at)


def credentials(user_id: int, *, expires_at: datetime) -> tuple[str, str]:
    """The user name and the password."""
    username = f"{int(expires_at.timestamp())}:{user_id}"
    # SHA-1 is the protocol's, and sound in an HMAC.
    digest = hmac.new(settings.TURN_SERVER_SECRET.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def links(found: IceServers) -> list[str]:
    """As values of the Link header of WHIP and WHEP, one for each address (RFC 9725 section 4.6)."""
    lines: list[str] = []
    for server in found.servers:
        proof = ""
        if server.credential:
            proof = f'; username="{server.username}"; credential="{server.credential}"; credential-type="password"'
        lines.extend(f'<{url}>; rel="ice-server"{proof}' for url in server.urls)
    return lines

"""ICE servers of one person: what a TURN server of ours checks, and nobody else's servers."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

from streaming.webrtc import turn
from streaming.webrtc.frames import IceServer

AT = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def test_no_server_is_told_unless_one_is_set() -> None:
    assert turn.servers_for(3, at=AT).servers == []


def test_credentials_expire_and_are_one_persons(settings: Any) -> None:
    settings.TURN_URLS = ["turn:turn.club.example:3478?transport=udp", "turns:turn.club.example:5349"]
    settings.TURN_SERVER_SECRET = "shared-with-coturn"

    found = turn.servers_for(3, at=AT)

    (server,) = found.servers
    expiry, _, user = server.username.partition(":")
    assert (int(expiry), user) == (int((AT + turn.LIFE).timestamp()), "3")
    digest = hmac.new(b"shared-with-coturn", server.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(server.credential) == digest
    assert server.urls == settings.TURN_URLS
    assert found.expires_at == AT + turn.LIFE


def test_stun_servers_need_no_credentials(settings: Any) -> None:
    settings.STUN_URLS = ["stun:turn.club.example:3478"]

    assert turn.servers_for(3, at=AT).servers == [IceServer(urls=["stun:turn.club.example:3478"])]


def test_each_address_becomes_a_link(settings: Any) -> None:
    settings.STUN_URLS = ["stun:a.example"]
    settings.TURN_URLS = ["turn:b.example?transport=udp"]

    stun, relay = turn.links(turn.servers_for(3, at=AT))

    assert stun == '<stun:a.example>; rel="ice-server"'
    assert relay.startswith('<turn:b.example?transport=udp>; rel="ice-server"; username="')
    assert relay.endswith('"; credential-type="password"')

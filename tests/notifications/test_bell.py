"""The bell's socket over the real channel layer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import Client

from accounts.models import User
from notifications.domain import inbox
from notifications.domain.notify import tell
from notifications.enums import Kind
from notifications.routing import websocket_urlpatterns
from tests.cast import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]
ORIGIN = b"http://localhost:8080"


def _signed_in() -> tuple[User, str]:
    user = make_user("Cleo")
    client = Client()
    client.force_login(user)
    return user, client.cookies["sessionid"].value


def bell(cookie: str = "", origin: bytes = ORIGIN) -> WebsocketCommunicator:
    headers = [(b"origin", origin), (b"cookie", f"sessionid={cookie}".encode()), (b"host", b"localhost")]
    return WebsocketCommunicator(URLRouter(websocket_urlpatterns), "/ws/me", headers=headers)


@pytest.fixture
async def cleo() -> AsyncIterator[tuple[User, WebsocketCommunicator]]:
    user, cookie = await database_sync_to_async(_signed_in)()
    socket = bell(cookie)
    assert (await socket.connect())[0]
    assert await socket.receive_json_from() == {"type": "unread", "count": 0}
    yield user, socket
    await socket.disconnect()


def _tell(user: User, occasion: str) -> Any:
    return tell([user], kind=Kind.CLUB_WELCOME, occasion=occasion, title="Welcome", url="/clubs/a")[0]


async def test_bell_rings_with_the_count_and_falls_when_read(cleo: tuple[User, WebsocketCommunicator]) -> None:
    user, socket = cleo
    told = await database_sync_to_async(_tell)(user, "club:1")
    assert await socket.receive_json_from() == {
        "type": "notification",
        "id": told.pk,
        "kind": "club_welcome",
        "title": "Welcome",
        "body": "",
        "url": "/clubs/a",
        "created_at": told.created_at.isoformat(),
    }
    assert await socket.receive_json_from() == {"type": "unread", "count": 1}
    await database_sync_to_async(inbox.read_all)(user)
    assert await socket.receive_json_from() == {"type": "unread", "count": 0}


async def test_another_persons_bell_stays_silent(cleo: tuple[User, WebsocketCommunicator]) -> None:
    ben = await database_sync_to_async(make_user)("Ben")
    await database_sync_to_async(_tell)(ben, "club:1")
    assert await cleo[1].receive_nothing(timeout=0.3)


async def test_nobody_is_closed_with_4401() -> None:
    for cookie in ("", "nonsense"):
        socket = bell(cookie)
        assert (await socket.connect())[0]
        assert (await socket.receive_output())["code"] == 4401


async def test_foreign_origin_is_refused() -> None:
    _, cookie = await database_sync_to_async(_signed_in)()
    for origin in (b"http://evil.example", b"null", b""):
        assert not (await bell(cookie, origin).connect())[0]


async def test_whoever_talks_on_is_cut(cleo: tuple[User, WebsocketCommunicator]) -> None:
    for number in range(20):
        if number % 2:
            await cleo[1].send_to(text_data="{nonsense")
        else:
            await cleo[1].send_to(bytes_data=b"\x00" * 1000)
    assert (await cleo[1].receive_output())["code"] == 4429

"""A part of ours that does not answer is said in words, and what can do without it goes on."""

import pytest
from django.test import Client
from pytest_django import Settings

from fitfriends.core import redis as core_redis
from streaming.enums import State
from tests.cast import Cast, api_as
from tests.streaming.factories import make_stream


@pytest.fixture
def _no_redis(settings: Settings, unused_tcp_port: int) -> object:
    """Every Redis address of this process leads nowhere."""
    address = f"redis://127.0.0.1:{unused_tcp_port}/0"
    settings.REDIS_URL = address
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": address}}
    core_redis.client.cache_clear()
    yield
    core_redis.client.cache_clear()


@pytest.mark.usefixtures("_no_redis")
def test_api_answers_503_while_redis_is_gone(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    reply = api_as(cast.cleo).post(f"/api/streaming/sessions/{stream.pk}/join")

    assert reply.status_code == 503
    assert reply.json()["error"]["code"] == "unavailable"
    assert "Traceback" not in reply.content.decode()


@pytest.mark.usefixtures("_no_redis")
def test_class_page_needs_no_redis_to_show_itself(cast: Cast, client: Client) -> None:
    make_stream(cast.session, State.LIVE)
    client.force_login(cast.cleo)

    reply = client.get(f"/classes/{cast.session.pk}")

    assert reply.status_code == 200
    assert cast.session.title in reply.content.decode()

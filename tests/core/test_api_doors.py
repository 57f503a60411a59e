"""The API's outer doors: foreign front ends by setting, and how often one may knock."""

import pytest
from django.test import Client
from pytest_django import Settings

from fitfriends.core import redis
from fitfriends.core.throttling import PerAddressThrottle, PerUserThrottle
from tests.cast import Cast, api_as

APP = "https://app.example"


def test_front_end_that_is_named_may_call_the_api(client: Client, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [APP]

    reply = client.options(
        "/api/me", headers={"origin": APP, "access-control-request-method": "GET", "host": "localhost"}
    )

    assert reply.headers["Access-Control-Allow-Origin"] == APP
    assert "authorization" in reply.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in reply.headers


@pytest.mark.parametrize("origin", [APP, "null", "http://localhost.evil.example"])
def test_other_front_ends_may_not(client: Client, db: None, origin: str) -> None:
    reply = client.get("/api/me", headers={"origin": origin})

    assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.fixture
def _twice_a_minute(clean_redis: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for throttle in (PerUserThrottle, PerAddressThrottle):
        monkeypatch.setattr(throttle, "THROTTLE_RATES", {"person": "2/min", "address": "2/min"})


@pytest.mark.usefixtures("_twice_a_minute")
def test_person_is_limited_wherever_they_call_from(cast: Cast) -> None:
    api = api_as(cast.cleo)
    codes = [api.get("/api/me", REMOTE_ADDR=f"10.0.0.{number}").status_code for number in range(3)]

    assert codes == [200, 200, 429]
    assert api_as(cast.ben).get("/api/me").status_code == 200


@pytest.mark.usefixtures("_twice_a_minute")
def test_address_without_a_person_is_limited_and_told_when_to_return(db: None) -> None:
    api = api_as(None)
    replies = [
        api.get("/api/schema", headers={"accept": "application/json"}, REMOTE_ADDR="10.0.0.1") for _ in range(3)
    ]

    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert replies[2].json()["error"]["code"] == "rate-limited"
    assert 0 < int(replies[2].headers["Retry-After"]) <= 60
    assert api.get("/api/schema", REMOTE_ADDR="10.0.0.2").status_code == 200


@pytest.mark.usefixtures("_twice_a_minute")
def test_what_was_asked_before_fades(cast: Cast) -> None:
    api, key = api_as(cast.cleo), redis.key(f"throttle_person_{cast.cleo.pk}")
    assert api.get("/api/me").status_code == 200

    def an_earlier_slot_held(requests: int, *, slots_ago: int) -> int:
        slot = int(redis.client().hget(key, "slot") or 0)
        redis.client().hset(key, mapping={"slot": slot - slots_ago, "here": requests, "before": 0})
        reply: int = api.get("/api/me").status_code
        return reply

    assert an_earlier_slot_held(10**6, slots_ago=1) == 429
    assert an_earlier_slot_held(10**6, slots_ago=2) == 200

"""A token for e-mail and password: what a guesser learns, and how often they may guess."""

import json
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import override_settings

from accounts.models import ApiToken, User
from fitfriends.core.throttling import LoginThrottle
from tests.cast import PASSWORD, Cast, api_as, api_with, make_user

pytestmark = pytest.mark.usefixtures("clean_redis")
URL = "/api/accounts/token"


class CountingHasher(MD5PasswordHasher):
    """Counts what would take the time."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def _fresh_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests attempt more often than one address may, except where that is the question."""
    monkeypatch.setitem(LoginThrottle.THROTTLE_RATES, "login", "1000/min")


def attempt(email: str, password: str = PASSWORD, *, address: str = "203.0.113.1", **more: object) -> tuple[int, Any]:
    body = {"email": email, "password": password, **more}
    reply = api_as(None).post(URL, body, format="json", REMOTE_ADDR=address)
    return reply.status_code, reply.json()


def test_right_password_gives_a_token_with_all_scopes(cast: Cast) -> None:
    status, body = attempt("Cleo@Example.com", name="Phone")
    assert status == 201
    assert body["token_info"]["scopes"] == ["broadcast", "manage", "read", "watch"]
    assert body["token_info"]["name"] == "Phone"
    assert api_with(body["token"]).get("/api/accounts/tokens").status_code == 200


def test_scopes_are_narrowed_when_asked(cast: Cast) -> None:
    assert attempt("cleo@example.com", scopes=["watch"])[1]["token_info"]["scopes"] == ["watch"]


def test_unknown_wrong_and_frozen_look_alike(cast: Cast) -> None:
    make_user("Frozen", is_active=False)
    replies = [
        attempt("nobody@example.com"),
        attempt("cleo@example.com", "wrong horse"),
        attempt("frozen@example.com"),
        attempt("frozen@example.com", "wrong horse"),
    ]
    assert {status for status, _ in replies} == {400}
    assert len({str(body) for _, body in replies}) == 1
    assert replies[0][1]["error"]["code"] == "auth:credentials"


@pytest.mark.parametrize("email", ["nobody@example.com", "cleo@example.com"])
def test_unknown_and_wrong_take_the_same_time(cast: Cast, email: str) -> None:
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"]):
        cast.cleo.set_password(PASSWORD)
        cast.cleo.save()
        CountingHasher.hashed = 0
        attempt(email, "wrong horse")
    assert CountingHasher.hashed == 1


def test_unverified_is_told_only_with_the_right_password(db: None) -> None:
    make_user("New", verified=False)
    status, body = attempt("new@example.com")
    assert (status, body["error"]["code"]) == (403, "auth:email:unverified")
    status, body = attempt("new@example.com", "wrong horse")
    assert (status, body["error"]["code"]) == (400, "auth:credentials")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("email", ["cleo@example.com", "nobody@example.com"])
def test_guesses_per_email_end_from_any_address(cast: Cast, email: str) -> None:
    for number in range(5):
        assert attempt(email, "wrong horse", address=f"203.0.113.{number}")[0] == 400
    status, body = attempt(email, address="203.0.113.99")
    assert (status, body["error"]["code"]) == (429, "auth:attempts")


def test_guesses_per_address_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LoginThrottle.THROTTLE_RATES, "login", "3/min")
    for number in range(3):
        assert attempt(f"nobody{number}@example.com")[0] == 400
    reply = api_as(None).post(URL, {}, format="json", REMOTE_ADDR="203.0.113.1")
    assert (reply.status_code, reply.json()["error"]["code"]) == (429, "rate-limited")
    assert int(reply["Retry-After"]) > 0
    assert attempt("cleo@example.com", address="203.0.113.2")[0] == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "cleo@example.com"},
        {"email": "cleo@example.com", "password": None},
        {"email": "cleo@example.com", "password": "a\x00b"},
        {"email": "cleo@example.com", "password": "\ud800"},
        {"email": "cleo\x00@example.com", "password": "a"},
        {"email": "a" * 300 + "@example.com", "password": "a"},
        {"email": {"a": 1}, "password": ["a"]},
        {"email": "cleo@example.com", "password": PASSWORD, "name": "\u202e"},
        [1],
    ],
)
def test_nonsense_is_400(cast: Cast, body: object) -> None:
    assert api_as(None).post(URL, json.dumps(body), content_type="application/json").status_code == 400


def test_broken_json_is_400(cast: Cast) -> None:
    for body in (b"{", b"\xff", b'{"email": "a', b"[" * 5000, b'{"a": ' + b"9" * 5000 + b"}"):
        reply = api_as(None).post(URL, body, content_type="application/json")
        assert (reply.status_code, reply.json()["success"]) == (400, False), body[:20]


def test_no_password_stays_in_the_reply(cast: Cast) -> None:
    assert PASSWORD not in str(attempt("cleo@example.com"))
    assert User.objects.get(pk=cast.cleo.pk).api_tokens.count() == 1

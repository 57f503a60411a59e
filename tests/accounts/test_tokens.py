"""Personal tokens: hashed at rest, scoped, limited, revocable at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain import tokens
from accounts.enums import Scope
from accounts.models import ApiToken
from fitfriends.core import clock, errors
from fitfriends.core.redis import client
from fitfriends.core.redis import key as redis_key
from tests.cast import Cast, api_as, api_with, make_token, make_user
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("clean_redis")
LIST = "/api/accounts/tokens"


def test_issue_keeps_no_plain_text(cast: Cast) -> None:
    token, plain = tokens.issue(cast.cleo, name="Phone", scopes=[Scope.READ])
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert plain.startswith(token.prefix)
    assert all(plain not in str(value) for value in row.values())
    assert tokens.find(plain) == token


def test_find_takes_one_query(cast: Cast) -> None:
    plain = make_token(cast.cleo)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = tokens.find(plain)
        assert found is not None
        assert found.user.email == "cleo@example.com"
    assert len(queries) == 1


@pytest.mark.parametrize("plain", ["", "x", "ffc_" + "0" * 40, "é" * 20, "a" * 100_000])
def test_find_unknown(cast: Cast, plain: str) -> None:
    assert tokens.find(plain) is None


def test_bad_tokens_are_401(cast: Cast) -> None:
    revoked, frozen, expired = (make_token(cast.cleo) for _ in range(3))
    tokens.revoke_by_id(ApiToken.objects.get(prefix=revoked[:12]).pk, actor=cast.cleo)
    ApiToken.objects.filter(prefix=expired[:12]).update(expires_at=clock.now() - timedelta(seconds=1))
    assert api_with(frozen).get(LIST).status_code == 200
    cast.cleo.is_active = False
    cast.cleo.save()
    for plain in (revoked, expired, frozen, "", "nonsense", "two words", "\x00", "é"):
        reply = api_with(plain).get(LIST)
        assert reply.status_code == 401, plain
        assert reply.json()["error"]["code"] == "auth:failed"
        assert reply["WWW-Authenticate"].startswith("Bearer")
    assert api_as(None).get(LIST).json()["error"]["code"] == "auth:required"


def test_scope_missing_is_403(cast: Cast) -> None:
    reply = api_with(make_token(cast.cleo, Scope.READ)).get(LIST)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "auth:scope")


def test_create_list_revoke(cast: Cast) -> None:
    api = api_with(make_token(cast.cleo))
    made = api.post(LIST, {"name": "Phone\u202e", "scopes": ["watch", "read"]}, format="json")
    assert made.status_code == 201
    info = made.json()["token_info"]
    assert set(info) == {"id", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at"}
    assert (info["name"], info["scopes"]) == ("Phone", ["read", "watch"])
    assert [token["name"] for token in api.get(LIST).json()["tokens"]] == ["Phone", "Test"]
    assert api.delete(f"{LIST}/{info['id']}").status_code == 200
    assert api_with(made.json()["token"]).get(LIST).status_code == 401
    assert api.delete(f"{LIST}/{info['id']}").status_code == 404


def test_token_hands_out_no_more_than_it_holds(cast: Cast) -> None:
    api = api_with(make_token(cast.cleo, Scope.MANAGE))
    reply = api.post(LIST, {"name": "More", "scopes": ["manage", "broadcast"]}, format="json")
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "auth:scope")


def test_anothers_token_is_not_there(cast: Cast) -> None:
    make_token(cast.ana)
    theirs = ApiToken.objects.get(user=cast.ana)
    assert api_as(cast.cleo).delete(f"{LIST}/{theirs.pk}").status_code == 404
    with pytest.raises(errors.NotFound):
        tokens.revoke(theirs, actor=cast.cleo)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "", "scopes": ["read"]},
        {"name": "\u202e", "scopes": ["read"]},
        {"name": "a\x00", "scopes": ["read"]},
        {"name": "a", "scopes": []},
        {"name": "a", "scopes": ["root"]},
        {"name": "a", "scopes": "read"},
        {"name": "a", "scopes": ["read"], "expires_at": "2001-01-01T00:00:00Z"},
        {"name": "a", "scopes": ["read"], "expires_at": "9999-12-31T23:59:59-14:00"},
        {"name": ["a"], "scopes": {"read": 1}},
        [],
        "text",
    ],
)
def test_create_refuses_nonsense(cast: Cast, body: object) -> None:
    reply = api_as(cast.cleo).post(LIST, body, format="json")
    assert (reply.status_code, reply.json()["success"]) == (400, False)


@pytest.mark.django_db(transaction=True)
def test_limit_holds_in_a_race() -> None:
    user = make_user("Racer")
    for number in range(tokens.MAX_ACTIVE - 1):
        tokens.issue(user, name=str(number), scopes=[Scope.READ])
    _, refused = at_once([lambda: tokens.issue(user, name="last", scopes=[Scope.READ])] * 6)
    assert refused == ["token:limit"] * 5
    assert len(tokens.active_of(user)) == tokens.MAX_ACTIVE


def test_last_use_never_goes_back(cast: Cast) -> None:
    token, _ = tokens.issue(cast.cleo, name="Phone", scopes=[Scope.READ])
    now = clock.now()
    for ago, written in ((0, 1), (300, 0)):
        client().hset(redis_key("token-uses"), str(token.pk), clock.to_ms(now) - ago * 1000)
        assert tokens.note_uses() == written
    token.refresh_from_db()
    assert token.last_used_at == clock.from_ms(clock.to_ms(now))


def test_use_costs_no_write_and_is_noted_once_a_minute(cast: Cast) -> None:
    api = api_with(make_token(cast.cleo))
    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            api.get(LIST)
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]
    assert [tokens.note_uses() for _ in range(2)] == [1, 0]
    assert ApiToken.objects.get().last_used_at is not None

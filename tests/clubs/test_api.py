"""What the clubs API says, and what nonsense it survives."""

import json
from datetime import timedelta
from typing import Any

import pytest

from clubs.models import Club, GroupSession
from fitfriends.core import clock
from tests.cast import Cast, api_as, make_session, next_week

pytestmark = pytest.mark.usefixtures("clean_redis")
HUGE = 10**30


def test_found_a_club(cast: Cast) -> None:
    body = {"name": "Café Ümläut 健身", "description": "Hi", "join_policy": "request", "time_zone": "Europe/Lisbon"}
    replies = [api_as(cast.dov).post("/api/clubs", body, format="json") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    club = replies[0].json()["club"]
    assert (club["slug"], club["my_role"], club["member_count"]) == ("cafe-umlaut", "owner", 1)
    assert replies[1].json()["club"]["slug"].startswith("cafe-umlaut-")


def test_clubs_per_owner_are_limited(cast: Cast) -> None:
    replies = [api_as(cast.dov).post("/api/clubs", {"name": "New"}, format="json") for _ in range(21)]
    assert [reply.status_code for reply in replies] == [201] * 20 + [409]
    assert Club.objects.filter(slug="new").count() == 0  # the address of a page


def test_join_by_policy(cast: Cast) -> None:
    path = f"/api/clubs/{cast.club.pk}/join"
    assert api_as(cast.dov).post(path).json()["membership"]["role"] == "member"
    Club.objects.filter(pk=cast.other_club.pk).update(join_policy="request")
    reply = api_as(cast.dov).post(f"/api/clubs/{cast.other_club.pk}/join", {"message": "Hi"}, format="json")
    assert (reply.status_code, reply.json()["membership"]) == (202, None)
    assert reply.json()["join_request"]["message"] == "Hi"


def test_me(cast: Cast) -> None:
    api = api_as(cast.cleo)
    me = api.get("/api/me").json()["me"]
    assert me["email_when_live"] is True
    assert [(row["club"]["slug"], row["role"]) for row in me["memberships"]] == [("harbour-club", "member")]
    change = {"display_name": " Cleo\u202e M ", "time_zone": "Asia/Tokyo", "email_when_live": False}
    changed = api.patch("/api/me", change, format="json").json()["me"]
    assert changed == {**me, "display_name": "Cleo M", "time_zone": "Asia/Tokyo", "email_when_live": False}


def test_schedule_pages_by_start(cast: Cast) -> None:
    GroupSession.objects.filter(club=cast.club).delete()
    made = [make_session(cast.club, cast.ben, starts_at=clock.now() + timedelta(days=day)) for day in (3, 1, 2)]
    page = api_as(cast.cleo).get("/api/group-sessions?page_size=2").json()
    rest = api_as(cast.cleo).get(page["next"]).json()
    listed = [row["id"] for row in page["group_sessions"] + rest["group_sessions"]]
    assert listed == [made[1].pk, made[2].pk, made[0].pk]


def test_list_queries_do_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        make_session(cast.club, cast.ben)
    with django_assert_max_num_queries(1):
        api_as(cast.cleo).get("/api/group-sessions")


def test_seat_there_and_back(cast: Cast) -> None:
    api, path = api_as(cast.cleo), f"/api/group-sessions/{cast.session.pk}/participation"
    assert api.post(path).json()["group_session"]["takes_part"] is True
    assert api.get("/api/group-sessions?mine=true").json()["group_sessions"][0]["participant_count"] == 1
    assert api.delete(path).json()["group_session"]["takes_part"] is False
    assert api.get("/api/group-sessions?mine=true").json()["group_sessions"] == []


BAD_SESSIONS: list[Any] = [
    {},
    [],
    "text",
    {"club_id": HUGE},
    {"club_id": -1},
    {"club_id": "1e5"},
    {"club_id": True},
    {"title": "a\x00b"},
    {"title": "\ud800"},
    {"title": "x" * 121},
    {"title": {"a": 1}},
    {"starts_at": "soon"},
    {"starts_at": "9999-12-31T23:59:59-14:00"},
    {"starts_at": "0001-01-01T00:00:00+14:00"},
    {"starts_at": HUGE},
    {"duration_minutes": HUGE},
    {"duration_minutes": 1.5},
    {"capacity": HUGE},
    {"instructor_id": HUGE},
    {"instructor_id": 999999},
    {"time_zone": "../../etc/passwd"},
    {"time_zone": "a" * 64},
    {"description": "x" * 4001},
]


@pytest.mark.parametrize("wrong", BAD_SESSIONS)
def test_scheduling_nonsense_is_400(cast: Cast, wrong: Any) -> None:
    good = {"club_id": cast.club.pk, "title": "A", "starts_at": (clock.now() + timedelta(days=1)).isoformat()}
    body = {**good, **wrong} if isinstance(wrong, dict) and wrong else wrong
    reply = api_as(cast.ana).post("/api/group-sessions", json.dumps(body), content_type="application/json")
    assert (reply.status_code, reply.json()["success"]) == (400, False), reply.content


@pytest.mark.parametrize("wrong", [wrong for wrong in BAD_SESSIONS if wrong and "club_id" not in wrong])
def test_changing_to_nonsense_is_400(cast: Cast, wrong: Any) -> None:
    next_week(cast.session)
    path = f"/api/group-sessions/{cast.session.pk}"
    reply = api_as(cast.ana).patch(path, json.dumps(wrong), content_type="application/json")
    assert reply.status_code == 400, reply.content


@pytest.mark.parametrize(
    "query",
    [
        "starts_after=soon",
        f"club_id={HUGE}",
        "club_id=x",
        "mine=perhaps",
        "starts_before=9999-12-31T23:59:59-14:00",
        "starts_after=%00",
    ],
)
def test_asking_for_nonsense_is_400(cast: Cast, query: str) -> None:
    assert api_as(cast.cleo).get(f"/api/group-sessions?{query}").status_code == 400


@pytest.mark.parametrize("cursor", ["p=soon", "p=%00", "p=2020-13-45", "o=999999999&p=1", "p=99999999999999999999"])
def test_broken_cursor_of_the_schedule(cast: Cast, cursor: str) -> None:
    import base64

    coded = base64.b64encode(cursor.encode()).decode()
    assert api_as(cast.cleo).get("/api/group-sessions", {"cursor": coded}).status_code in {200, 404}


@pytest.mark.parametrize(
    "name", ["0", "-1", "01", str(HUGE), "1" * 5000, "x", "1.0", "1e3", "%00", "1%0a", "..", "\uff11"]
)
def test_impossible_ids_are_404(cast: Cast, name: str) -> None:
    for path in (f"/api/clubs/{name}", f"/api/group-sessions/{name}", f"/api/group-sessions/{name}/cancel"):
        reply = api_as(cast.ana).generic("POST" if path.endswith("cancel") else "GET", path)
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not-found"), path

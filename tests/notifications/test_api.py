"""The notifications API: one's own and nobody else's."""

import pytest

from notifications.domain.notify import tell
from notifications.enums import Kind
from tests.cast import Cast, api_as

pytestmark = pytest.mark.usefixtures("clean_redis")


@pytest.fixture
def told(cast: Cast) -> list[int]:
    rows = [
        tell([cast.cleo], kind=Kind.CLUB_WELCOME, occasion=f"club:{number}", title=f"Welcome {number}")[0]
        for number in range(3)
    ]
    return [row.pk for row in rows]


def test_list_newest_first_in_pages(cast: Cast, told: list[int]) -> None:
    page = api_as(cast.cleo).get("/api/notifications?page_size=2").json()
    assert [row["id"] for row in page["notifications"]] == [told[2], told[1]]
    assert set(page["notifications"][0]) == {"id", "kind", "title", "body", "url", "created_at", "read_at"}
    rest = api_as(cast.cleo).get(page["next"]).json()
    assert [row["id"] for row in rest["notifications"]] == [told[0]]
    assert api_as(cast.ben).get("/api/notifications").json()["notifications"] == []


def test_read_one_and_all(cast: Cast, told: list[int]) -> None:
    api = api_as(cast.cleo)
    first = api.post(f"/api/notifications/{told[0]}/read").json()["notification"]["read_at"]
    assert first == api.post(f"/api/notifications/{told[0]}/read").json()["notification"]["read_at"]
    assert api.post("/api/notifications/read-all").json() == {"success": True, "read": 2}


def test_anothers_is_not_there(cast: Cast, told: list[int]) -> None:
    assert api_as(cast.ben).post(f"/api/notifications/{told[0]}/read").status_code == 404
    assert api_as(cast.ben).post("/api/notifications/read-all").json()["read"] == 0
    assert api_as(None).get("/api/notifications").status_code == 401


def test_preferences_change_one_opinion(cast: Cast) -> None:
    api = api_as(cast.cleo)
    body = {"preferences": [{"kind": "stream_live", "channel": "email", "enabled": False}]}
    changed = api.patch("/api/notifications/preferences", body, format="json").json()["preferences"]
    assert changed == api.get("/api/notifications/preferences").json()["preferences"]
    assert changed[0] == {
        "kind": "stream_live",
        "name": "A class I joined goes live",
        "in_app": True,
        "email": False,
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"preferences": []},
        {"preferences": [{"kind": "nonsense", "channel": "email", "enabled": True}]},
        {"preferences": [{"kind": "stream_live", "channel": "email", "enabled": "maybe"}]},
        {"preferences": "all"},
        {"preferences": [{"kind": "stream_live", "channel": "email", "enabled": True}] * 21},
    ],
)
def test_preferences_refuse_nonsense(cast: Cast, body: object) -> None:
    assert api_as(cast.cleo).patch("/api/notifications/preferences", body, format="json").status_code == 400

"""Who gets which answer from every endpoint: one table, nobody forgotten."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from clubs.enums import Role
from clubs.models import Membership
from fitfriends.core import clock
from streaming.domain.ingest import keys
from streaming.enums import State
from tests.cast import Cast, add_member, api_as, make_user
from tests.streaming.callers import SESSIONS
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db

PEOPLE = [
    "anonymous",
    "stranger",
    "ex_member",
    "member",
    "other_instructor",
    "colleague",
    "instructor",
    "owner",
    "operator",
]
OUTSIDE = {"anonymous": 401, "stranger": 404, "ex_member": 404, "other_instructor": 404}
INSIDE = {"member": 200, "colleague": 200, "instructor": 200, "owner": 200, "operator": 200}
RUNNING = {"member": 403, "colleague": 403, "instructor": 200, "owner": 200, "operator": 200}

# (method, path, state of the stream, body) -> who inside gets what
TABLE: list[tuple[str, str, State, dict[str, Any] | None, dict[str, int]]] = [
    ("get", "{one}", State.LIVE, None, INSIDE),
    ("get", "{one}/state", State.LIVE, None, INSIDE),
    ("post", "{one}/join", State.LIVE, None, INSIDE),
    ("post", "{one}/leave", State.LIVE, None, INSIDE),
    ("post", "{one}/renew", State.LIVE, None, INSIDE | {"member": 409, "colleague": 409}),
    ("post", "/api/streaming/token", State.LIVE, {"role": "viewer"}, INSIDE),
    (
        "post",
        "/api/streaming/token",
        State.LIVE,
        {"role": "publisher"},
        INSIDE | {"member": 403, "colleague": 403, "owner": 403, "operator": 403},
    ),
    ("get", "{one}/signal", State.LIVE, None, RUNNING),
    ("get", "{one}/health", State.LIVE, None, RUNNING),
    ("get", "{one}/health?step=60", State.LIVE, None, RUNNING),
    ("patch", "{one}", State.LIVE, {"max_viewers": 3}, RUNNING),
    ("post", "{one}/start", State.PREVIEW, None, RUNNING),
    ("post", "{one}/end", State.LIVE, None, RUNNING),
    ("post", "{one}/cancel", State.SCHEDULED, None, RUNNING),
    ("post", "{one}/rotate-key", State.LIVE, None, RUNNING),
    (
        "post",
        SESSIONS,
        State.ENDED,
        {"stream_title": "New"},
        {person: 201 if code == 200 else code for person, code in RUNNING.items()},
    ),
]


def client_of(cast: Cast, person: str) -> APIClient:
    known = {
        "anonymous": None,
        "stranger": cast.dov,
        "member": cast.cleo,
        "other_instructor": cast.eva,
        "instructor": cast.ben,
        "owner": cast.ana,
    }
    if person in known:
        return api_as(known[person])
    user = make_user(person, is_staff=person == "operator")
    if person != "operator":
        membership = add_member(cast.club, user, Role.INSTRUCTOR)
        if person == "ex_member":
            Membership.objects.filter(pk=membership.pk).update(left_at=clock.now())
    return api_as(user)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(
    ("method", "path", "state", "body", "inside"),
    [pytest.param(*row, id=f"{row[0]} {row[1]} {(row[3] or {}).get('role', '')}") for row in TABLE],
)
def test_matrix(  # noqa: PLR0917 -- a row of the table
    cast: Cast, person: str, method: str, path: str, state: State, body: dict[str, Any] | None, inside: dict[str, int]
) -> None:
    stream = make_stream(cast.session, state)
    keys.issue(stream)
    if body is not None:
        body = body | {"room_id": stream.room_id, "group_session_id": cast.session.pk}

    reply = getattr(client_of(cast, person), method)(
        path.format(one=f"{SESSIONS}/{stream.pk}"), body, format="json" if body is not None else None
    )

    assert reply.status_code == (OUTSIDE | inside)[person], reply.content
    assert reply.json()["success"] is (reply.status_code < 400)
    if person != "instructor":
        assert "stream_key" not in str(reply.json()) or reply.json()["streaming_session"]["stream_key"] is None
    if person in OUTSIDE:
        for secret in (stream.room_id, stream.title, stream.ingest_name, "state"):
            assert secret not in reply.content.decode()


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_hidden_and_missing_look_alike(cast: Cast, method: str) -> None:
    stream = make_stream(cast.session, State.LIVE)
    client = api_as(cast.dov)

    for action in ("", "/join", "/state", "/start", "/rotate-key"):
        hidden = getattr(client, method)(f"{SESSIONS}/{stream.pk}{action}")
        missing = getattr(client, method)(f"{SESSIONS}/{stream.pk + 1000}{action}")
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)

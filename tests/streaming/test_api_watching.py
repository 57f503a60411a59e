"""Join, renew, leave and tokens: the brief's JSON, seats, and every state."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.domain import freezing
from accounts.enums import Scope
from accounts.models import User
from clubs.models import Membership
from fitfriends.core import clock, redis
from streaming.domain import queries
from streaming.domain.queries import VisibleStream
from streaming.domain.tokens import revocations, signing
from streaming.domain.watching import presence, viewer_slots, viewings
from streaming.enums import ClassRole, Device, Role, State
from streaming.models import Stream, Viewing
from tests.cast import Cast, add_member, api_as, make_user
from tests.streaming.callers import SESSIONS, bearer
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def join(stream: Stream, client: Any, action: str = "join") -> Any:
    return client.post(f"{SESSIONS}/{stream.pk}/{action}")


def token_in(url: str) -> str:
    return url.partition("?token=")[2]


def viewing() -> Viewing:
    """The one row, with what is written behind."""
    viewings.flush()
    return Viewing.objects.get()


def test_join_answers_as_the_brief_says(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE, title="HIIT Cardio Blast")

    reply = join(stream, bearer(cast.cleo)).json()

    urls, info = reply["stream_urls"], reply["stream_info"]
    assert reply["success"] is True
    assert set(urls) == {"hls_url", "webrtc_url", "chat_url"}
    assert urls["hls_url"].startswith(f"{settings.STREAMING_CDN_URL}/hls/{stream.room_id}/playlist.m3u8?token=")
    assert urls["webrtc_url"].startswith(f"{settings.SIGNALLING_URL}/webrtc/{stream.room_id}?token=")
    assert urls["chat_url"].startswith(f"{settings.CHAT_SERVER_URL}/room/{stream.room_id}?token=")
    assert (info["title"], info["viewer_count"], info["state"]) == ("HIIT Cardio Blast", 1, "live")


def test_the_tokens_say_who_and_where(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    urls = join(stream, bearer(cast.cleo)).json()["stream_urls"]
    now = clock.now()

    playback = token_in(urls["hls_url"])
    assert re.fullmatch(r"[A-Za-z0-9_.-]{20,600}", playback)
    seen = signing.read_playback(playback, room_id=stream.room_id, at=now)
    assert (seen.user_id, seen.stream_id, seen.site, seen.runs) == (
        cast.cleo.pk,
        stream.pk,
        False,
        False,
    )
    talk = signing.read_room(token_in(urls["chat_url"]), room_id=stream.room_id, at=now)
    assert (talk.user_id, talk.name, talk.role, talk.class_role) == (
        cast.cleo.pk,
        "Cleo",
        Role.VIEWER,
        ClassRole.MEMBER,
    )


def test_a_playback_token_lasts_for_the_class_and_its_margin(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    ends = cast.session.ends_at + timedelta(minutes=settings.HARD_STOP_MARGIN_MINUTES)

    token = token_in(join(stream, bearer(cast.cleo)).json()["stream_urls"]["hls_url"])

    assert signing.read_playback(token, room_id=stream.room_id, at=clock.now()).expires == int(ends.timestamp())


@pytest.mark.parametrize("action", ["join", "renew"])
def test_two_queries_with_the_bearer(cast: Cast, django_assert_max_num_queries: Any, action: str) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    join(stream, client)

    with django_assert_max_num_queries(2):
        assert join(stream, client, action).status_code == 200


@pytest.mark.parametrize("action", ["join", "renew"])
def test_a_right_that_ends_while_it_is_looked_up_refuses_the_token(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    join(stream, client)
    look_up = queries.by_id

    def look_up_and_lose(user: User, stream_id: int) -> VisibleStream:
        found = look_up(user, stream_id)
        revocations.revoke(stream.room_id, user.pk)
        return found

    monkeypatch.setattr(queries, "by_id", look_up_and_lose)
    text = token_in(join(stream, client, action).json()["stream_urls"]["hls_url"])

    issued = signing.read_playback(text, room_id=stream.room_id, at=clock.now()).issued
    assert issued < int(redis.client().zscore(revocations.KEY, f"{stream.room_id}:{cast.cleo.pk}") or 0)


def test_who_is_shut_out_is_refused_at_once(cast: Cast) -> None:
    """By token and by cookie: nothing of a caller is kept between requests."""
    stream, by_token, by_cookie = make_stream(cast.session, State.LIVE), bearer(cast.cleo), APIClient()
    by_cookie.force_login(cast.cleo)
    assert [join(stream, client).status_code for client in (by_token, by_cookie)] == [200, 200]

    freezing.freeze(cast.cleo, actor=cast.ana)

    assert [join(stream, client).status_code for client in (by_token, by_cookie)] == [401, 401]


@pytest.mark.parametrize(
    ("state", "member", "instructor"),
    [
        (State.SCHEDULED, "stream:state:not-started", "stream:state:not-started"),
        (State.PREVIEW, "stream:state:not-started", None),
        (State.STARTING, None, None),
        (State.LIVE, None, None),
        (State.INTERRUPTED, None, None),
        (State.ENDED, "stream:state:ended", "stream:state:ended"),
    ],
)
def test_join_in_every_state(cast: Cast, state: State, member: str | None, instructor: str | None) -> None:
    stream = make_stream(cast.session, state)

    for who, code in ((cast.cleo, member), (cast.ben, instructor), (cast.ana, instructor)):
        reply = join(stream, bearer(who))
        assert reply.status_code == (409 if code else 200)
        assert reply.json().get("error", {}).get("code") == code


def test_the_sixteenth_of_fifteen(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE, max_viewers=15)
    crowd = [make_user(f"Member{number}") for number in range(16)]
    for person in crowd:
        add_member(cast.club, person)

    replies = [join(stream, api_as(person)) for person in crowd]

    assert [reply.status_code for reply in replies] == [200] * 15 + [409]
    assert replies[15].json()["error"]["code"] == "stream:full"
    assert join(stream, api_as(crowd[3])).status_code == 200
    for who in (cast.ben, cast.ana):
        assert join(stream, api_as(who)).status_code == 200
    assert viewer_slots.taken(stream.room_id) == 15

    join(stream, api_as(crowd[3]), "leave")
    assert join(stream, api_as(crowd[15])).status_code == 200
    assert join(stream, api_as(crowd[3])).status_code == 409


def test_those_who_run_the_class_are_not_counted(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    assert join(stream, bearer(cast.ben)).json()["stream_info"]["viewer_count"] == 0
    assert (viewer_slots.taken(stream.room_id), viewings.flush(), Viewing.objects.count()) == (0, 0, 0)


def test_one_viewing_a_person_however_often_they_come(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    phone: dict[str, Any] = {
        "HTTP_USER_AGENT": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0)",
        "HTTP_X_FORWARDED_FOR": "8.8.8.8",
    }

    join(stream, client)
    first = viewing()
    assert join(stream, client, "leave").status_code == 200
    assert viewing().left_at is not None
    client.post(f"{SESSIONS}/{stream.pk}/join", **phone)

    again = viewing()
    assert (again.pk, again.joined_at, again.left_at) == (first.pk, first.joined_at, None)
    assert (again.device, again.country) == (Device.PHONE, "US")


def test_a_second_leave_changes_nothing(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    assert join(stream, client, "leave").status_code == 200

    join(stream, client)
    join(stream, client, "leave")
    left = viewing().left_at

    assert join(stream, client, "leave").json() == {"success": True}
    assert viewing().left_at == left
    assert presence.viewer_count(stream.room_id) == 0


def test_renewing_needs_a_slot(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)

    refused = join(stream, client, "renew")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stream:not-joined")

    join(stream, client)
    assert join(stream, client, "renew").json()["stream_urls"]["hls_url"]


def test_an_ex_member_finds_nothing(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    join(stream, client)
    Membership.objects.filter(user=cast.cleo).update(left_at=clock.now())

    for action in ("join", "renew", "leave"):
        assert join(stream, client, action).status_code == 404


def token(client: Any, stream: Stream, **more: Any) -> Any:
    return client.post("/api/streaming/token", {"room_id": stream.room_id} | more, format="json")


def test_a_room_token(cast: Cast) -> None:
    stream = make_stream(cast.session)

    reply = token(bearer(cast.cleo), stream, role="viewer").json()

    assert set(reply) == {"success", "token", "role", "room_id", "expires_at", "chat_url", "webrtc_url"}
    assert (reply["role"], reply["room_id"]) == ("viewer", stream.room_id)
    assert reply["chat_url"] == f"{settings.CHAT_SERVER_URL}/room/{stream.room_id}?token={reply['token']}"
    seen = signing.read_room(reply["token"], room_id=stream.room_id, at=clock.now())
    assert (seen.user_id, seen.role) == (cast.cleo.pk, Role.VIEWER)


def test_only_the_instructor_publishes(cast: Cast) -> None:
    stream = make_stream(cast.session)

    codes = {name: token(bearer(user), stream, role="publisher").status_code for name, user in cast.people.items()}

    assert codes == {"ana": 403, "ben": 200, "cleo": 403, "dov": 404, "eva": 404}
    assert token(bearer(cast.ben, Scope.WATCH), stream, role="publisher").status_code == 403
    assert token(bearer(cast.ben), stream, role="admin").status_code == 400


@pytest.mark.parametrize(
    "room",
    ["room-doesnotexist99", "room-", "", "ROOM-ABCDEFGH", "../../x", "room-abc\x00defgh", "r" * 5000, 5, None, ["x"]],
)
def test_rooms_that_are_none(cast: Cast, room: object) -> None:
    reply = bearer(cast.cleo).post("/api/streaming/token", {"room_id": room}, format="json")

    assert reply.status_code in {400, 404}
    assert reply.json()["success"] is False


def test_no_token_for_an_ended_room(cast: Cast) -> None:
    reply = token(bearer(cast.cleo), make_stream(cast.session, State.ENDED))

    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "stream:state:ended")


@pytest.mark.parametrize("scope", [Scope.READ, Scope.BROADCAST, Scope.MANAGE])
def test_watching_needs_its_scope(cast: Cast, scope: Scope) -> None:
    stream = make_stream(cast.session, State.LIVE)

    assert join(stream, bearer(cast.cleo, scope)).status_code == 403
    assert token(bearer(cast.cleo, scope), stream).status_code == 403
    assert join(stream, bearer(cast.cleo, Scope.WATCH)).status_code == 200

"""Create, look at, change and run a stream: the brief's JSON, and what is refused."""

from typing import Any

import pytest
from django.conf import settings

from accounts.enums import Scope
from clubs.enums import SessionStatus
from streaming.domain.ingest import keys
from streaming.enums import EndReason, State
from streaming.models import Stream, StreamEvent, StreamKey
from tests.cast import Cast, api_as
from tests.streaming.callers import SESSIONS, bearer, hook
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def brief(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "group_session_id": cast.session.pk,
        "stream_title": "HIIT Cardio Blast - Live Workout",
        "stream_description": "High-intensity interval training with bodyweight exercises",
        "max_viewers": 50,
        "stream_quality": "HD",
    } | more


def test_create_answers_as_the_brief_says(cast: Cast) -> None:
    reply = bearer(cast.ben).post(SESSIONS, brief(cast), format="json")

    stream = Stream.objects.get()
    key = reply.json()["streaming_session"]["stream_key"]
    assert reply.status_code == 201
    assert reply.json() == {
        "success": True,
        "streaming_session": {"id": stream.pk, "stream_key": key, "room_id": stream.room_id},
        "stream_config": {
            "rtmp_url": f"{settings.RTMP_PUBLIC_URL}/{key}",
            "webrtc_url": f"{settings.SIGNALLING_URL}/webrtc/{stream.room_id}",
            "whip_url": f"http{settings.SIGNALLING_URL.removeprefix('ws')}/whip/{stream.room_id}",
            "hls_url": f"{settings.STREAMING_CDN_URL}/hls/{stream.room_id}/playlist.m3u8",
        },
    }
    assert reply["Cache-Control"] == "no-store"
    assert (stream.title, stream.max_viewers, stream.quality) == ("HIIT Cardio Blast - Live Workout", 50, "HD")
    assert hook("publish", key).status_code == 302


def test_create_with_what_the_mobile_example_sends(cast: Cast) -> None:
    body = {"group_session_id": cast.session.pk, "stream_title": "Morning Yoga Flow", "max_viewers": 30, "extra": [1]}

    assert bearer(cast.ben).post(SESSIONS, body, format="json").status_code == 201
    stream = Stream.objects.get()
    assert (stream.max_viewers, stream.quality, stream.description) == (30, "Auto", "")


def test_the_key_is_encrypted_at_rest_and_each_look_is_on_record(cast: Cast) -> None:
    client = bearer(cast.ben)
    created = client.post(SESSIONS, brief(cast), format="json").json()
    key, path = created["streaming_session"]["stream_key"], f"{SESSIONS}/{created['streaming_session']['id']}"

    shown = client.get(path).json()

    assert shown["streaming_session"]["stream_key"] == key
    assert shown["stream_config"]["rtmp_url"].endswith(key)
    row = StreamKey.objects.get()
    assert key not in f"{row.digest}{row.encrypted}"
    looks = StreamEvent.objects.filter(kind=keys.REVEALED)
    assert [look.actor for look in looks] == [cast.ben, cast.ben]


def test_an_owner_makes_the_stream_and_never_sees_the_key(cast: Cast) -> None:
    client = bearer(cast.ana)
    created = client.post(SESSIONS, brief(cast), format="json").json()
    path = f"{SESSIONS}/{created['streaming_session']['id']}"
    replies = [created, client.get(path).json(), client.post(f"{path}/rotate-key").json()]

    assert [reply["streaming_session"]["stream_key"] for reply in replies] == [None] * 3
    assert [reply["stream_config"]["rtmp_url"] for reply in replies] == [None] * 3
    assert not StreamEvent.objects.filter(kind=keys.REVEALED).exists()


def test_a_token_without_broadcast_does_not_see_the_key(cast: Cast) -> None:
    stream, _ = make_keyed(cast)

    shown = bearer(cast.ben, Scope.READ).get(f"{SESSIONS}/{stream.pk}").json()

    assert shown["streaming_session"]["stream_key"] is None


def make_keyed(cast: Cast) -> tuple[Stream, str]:
    stream = make_stream(cast.session)
    return stream, keys.issue(stream)


def test_a_new_key_replaces_the_old_one(cast: Cast) -> None:
    stream, old = make_keyed(cast)

    reply = bearer(cast.ben).post(f"{SESSIONS}/{stream.pk}/rotate-key").json()

    new = reply["streaming_session"]["stream_key"]
    assert reply["stream_config"]["rtmp_url"].endswith(new)
    assert (keys.find(old), keys.find(new) is not None) == (None, True)
    assert StreamEvent.objects.filter(kind=keys.ROTATED, actor=cast.ben).count() == 1


def test_one_open_stream_per_class(cast: Cast) -> None:
    client = bearer(cast.ben)
    first = client.post(SESSIONS, brief(cast), format="json").json()["streaming_session"]["id"]

    again = client.post(SESSIONS, brief(cast), format="json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "stream:exists")

    client.post(f"{SESSIONS}/{first}/cancel")
    assert client.post(SESSIONS, brief(cast), format="json").status_code == 201


def test_a_cancelled_class_gets_no_stream(cast: Cast) -> None:
    cast.session.status = SessionStatus.CANCELLED
    cast.session.save()

    reply = bearer(cast.ben).post(SESSIONS, brief(cast), format="json")

    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "stream:class:cancelled")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("group_session_id", None),
        ("group_session_id", "abc"),
        ("group_session_id", 0),
        ("group_session_id", -1),
        ("group_session_id", 2**63),
        ("group_session_id", 10**400),
        ("group_session_id", [1]),
        ("group_session_id", {"a": 1}),
        ("group_session_id", True),
        ("stream_title", None),
        ("stream_title", ""),
        ("stream_title", "   "),
        ("stream_title", "\x00"),
        ("stream_title", "\u202e\u200b"),
        ("stream_title", "x" * 121),
        ("stream_title", ["x"]),
        ("stream_title", True),
        ("stream_description", "x" * 4001),
        ("stream_description", "a\x00b"),
        ("max_viewers", 0),
        ("max_viewers", -5),
        ("max_viewers", 100_001),
        ("max_viewers", 1.5),
        ("max_viewers", "many"),
        ("max_viewers", 2**70),
        ("stream_quality", "8K"),
        ("stream_quality", "hd"),
        ("stream_quality", 4),
        ("stream_quality", {}),
    ],
)
def test_malformed_fields_are_named(cast: Cast, field: str, value: object) -> None:
    reply = bearer(cast.ben).post(SESSIONS, brief(cast, **{field: value}), format="json")

    if (field, value) == ("group_session_id", True):  # a class of number 1 that is not theirs, or is: never a failure
        assert reply.status_code in {201, 400, 404}
        return
    assert (reply.status_code, reply.json()["success"]) == (400, False)
    assert list(reply.json()["error"]["fields"]) == [field]
    assert not Stream.objects.exists()


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '"x"', "1", "[[[[", "[" * 100_000, '{"a":' * 50_000, '{"group_session_id": NaN}', "\x00"],
)
def test_bodies_that_are_no_object_are_refused(cast: Cast, body: str) -> None:
    for path in (SESSIONS, "/api/streaming/token"):
        reply = bearer(cast.ben).post(path, body, content_type="application/json")
        assert (reply.status_code, reply.json()["success"]) == (400, False)


def test_half_a_character_is_refused(cast: Cast) -> None:
    body = f'{{"group_session_id": {cast.session.pk}, "stream_title": "\\ud800"}}'

    assert bearer(cast.ben).post(SESSIONS, body, content_type="application/json").status_code == 400


def test_other_media_types_are_refused(cast: Cast) -> None:
    assert bearer(cast.ben).post(SESSIONS, "a=b", content_type="application/x-www-form-urlencoded").status_code == 415


@pytest.mark.parametrize(
    "name", ["0", "-1", "abc", "1.5", "99999999999999999999", "%00", "1%00", "é", "../admin", " "]
)
def test_ids_that_are_none_are_not_found(cast: Cast, name: str) -> None:
    for client in (bearer(cast.ben), api_as(None)):
        assert client.get(f"{SESSIONS}/{name}").status_code == 404
        assert client.post(f"{SESSIONS}/{name}/join").status_code == 404


def test_change(cast: Cast) -> None:
    stream, _ = make_keyed(cast)
    path = f"{SESSIONS}/{stream.pk}"

    reply = bearer(cast.ben).patch(path, {"stream_title": "Slow  yoga\n", "max_viewers": 3}, format="json")

    session = reply.json()["streaming_session"]
    assert (session["stream_title"], session["max_viewers"], session["stream_quality"]) == ("Slow yoga", 3, "Auto")
    stream.refresh_from_db()
    assert (stream.title, stream.max_viewers) == ("Slow yoga", 3)
    assert bearer(cast.ben).patch(path, {"max_viewers": 0}, format="json").status_code == 400
    assert bearer(cast.ben).patch(path, {"state": "live"}, format="json").status_code == 200
    assert Stream.objects.get().state == State.SCHEDULED


def test_the_run_of_a_class_over_the_api(cast: Cast) -> None:
    stream, _ = make_keyed(cast)
    client, path = bearer(cast.ben), f"{SESSIONS}/{stream.pk}"

    assert client.post(f"{path}/end").json()["error"]["code"] == "stream:state:not-started"
    assert client.post(f"{path}/start").json()["streaming_session"]["state"] == "starting"
    assert client.post(f"{path}/start").json()["streaming_session"]["state"] == "starting"
    assert client.patch(path, {}, format="json").status_code == 200
    ended = client.post(f"{path}/end").json()["streaming_session"]
    assert (ended["state"], ended["end_reason"]) == ("ended", EndReason.INSTRUCTOR)
    assert client.post(f"{path}/end").json()["streaming_session"]["ended_at"] == ended["ended_at"]

    for action in ("start", "cancel", "rotate-key"):
        refused = client.post(f"{path}/{action}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stream:state:ended")
    assert client.patch(path, {"stream_title": "x"}, format="json").status_code == 409
    shown = client.get(path).json()
    assert (shown["streaming_session"]["state"], shown["streaming_session"]["stream_key"]) == ("ended", None)


def test_members_do_not_learn_of_a_preview(cast: Cast) -> None:
    stream = make_stream(cast.session, State.PREVIEW, has_picture=True)
    path = f"{SESSIONS}/{stream.pk}"

    states = {
        name: api_as(cast.people[name]).get(f"{path}/state").json()["stream"] for name in ("ana", "ben", "cleo")
    }

    assert {name: (state["state"], state["picture"]) for name, state in states.items()} == {
        "ana": ("preview", True),
        "ben": ("preview", True),
        "cleo": ("scheduled", False),
    }


def test_the_list_shows_ones_own_clubs_and_filters(cast: Cast) -> None:
    mine, other = make_stream(cast.session, State.LIVE), make_stream(cast.other_session)
    old = make_stream(cast.session, State.ENDED)

    def ids(query: str = "", user: Any = cast.cleo) -> list[int]:
        reply = api_as(user).get(f"{SESSIONS}{query}")
        assert reply.status_code == 200, reply.content
        return [row["id"] for row in reply.json()["streaming_sessions"]]

    assert ids() == [old.pk, mine.pk]
    assert ids(user=cast.eva) == [other.pk]
    assert ids(user=cast.dov) == []
    assert ids("?state=open") == [mine.pk]
    assert ids("?state=ended") == [old.pk]
    assert ids(f"?group_session_id={cast.session.pk}") == [old.pk, mine.pk]
    assert ids(f"?club_id={cast.other_club.pk}") == []
    for query in ("?state=odd", "?club_id=x", f"?club_id={2**70}", "?group_session_id=%00"):
        assert api_as(cast.cleo).get(f"{SESSIONS}{query}").status_code == 400
    assert api_as(cast.cleo).get(f"{SESSIONS}?cursor=odd").status_code == 404


def test_a_longer_list_asks_no_more_of_the_database(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        make_stream(cast.session, State.ENDED)

    client = bearer(cast.cleo)

    with django_assert_max_num_queries(2):
        assert len(client.get(SESSIONS).json()["streaming_sessions"]) == 6


def test_the_signal_in_numbers_and_words(cast: Cast) -> None:
    stream = make_stream(cast.session, State.PREVIEW, signal_note="Set your encoder to H.264.")
    path = f"{SESSIONS}/{stream.pk}/signal"

    signal = api_as(cast.ben).get(path).json()["signal"]

    assert (signal["connected"], signal["picture"], signal["facts"], signal["ingest"]) == (True, False, None, None)
    assert signal["words"] == ["Set your encoder to H.264.", "Your signal arrives; the picture is being prepared."]
    assert api_as(cast.cleo).get(path).status_code == 403

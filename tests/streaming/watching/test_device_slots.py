"""A person's device slots: the newest wins, a device has one, and the loser is told why."""

from functools import partial
from typing import Any

import pytest

from fitfriends.core import clock, redis
from streaming.domain.tokens import revocations, signing
from streaming.domain.watching import device_slots, viewer_slots
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast
from tests.streaming.callers import SESSIONS, bearer
from tests.streaming.entering import take
from tests.streaming.factories import make_stream
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def ask(stream: Stream, client: Any, device: str = "", action: str = "join") -> Any:
    return client.post(f"{SESSIONS}/{stream.pk}/{action}", {"device": device}, format="json")


def place_in(stream: Stream, reply: Any) -> str:
    text = reply.json()["stream_urls"]["hls_url"].partition("?token=")[2]
    return signing.read_playback(text, room_id=stream.room_id, at=clock.now()).device_slot


def lost(stream: Stream, user_id: int) -> list[str]:
    heads = revocations.device_slot_member(stream.room_id, user_id, "")
    return sorted(str(name).removeprefix(heads) for name in redis.client().zrange(revocations.KEY, 0, -1))


def test_the_third_device_takes_the_device_slot_of_the_first(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)

    phone, laptop, tv = [place_in(stream, ask(stream, client, name)) for name in ("phone", "laptop", "tv")]

    assert device_slots.held(stream.room_id, cast.cleo.pk) == [laptop, tv]
    assert lost(stream, cast.cleo.pk) == [phone]
    assert viewer_slots.taken(stream.room_id) == 1


def test_a_reload_costs_nobody_their_device_slot(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    phone, laptop = [place_in(stream, ask(stream, client, name)) for name in ("phone", "laptop")]

    again = place_in(stream, ask(stream, client, "laptop"))

    assert device_slots.held(stream.room_id, cast.cleo.pk) == [phone, again]
    assert lost(stream, cast.cleo.pk) == [laptop]


def test_a_token_that_is_handed_around_is_one_device_slot(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)

    first, second = [place_in(stream, ask(stream, client)) for _ in range(2)]

    assert (device_slots.held(stream.room_id, cast.cleo.pk), lost(stream, cast.cleo.pk)) == ([second], [first])


def test_two_apps_without_names_for_their_devices_are_two(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    for _ in range(2):
        ask(stream, bearer(cast.cleo))

    assert len(device_slots.held(stream.room_id, cast.cleo.pk)) == 2


def test_the_loser_is_told_why_and_may_take_it_back(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    for name in ("phone", "laptop", "tv"):
        ask(stream, client, name)

    refused = ask(stream, client, "phone", "renew")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stream:places")
    assert ask(stream, client, "tv", "renew").status_code == 200

    assert ask(stream, client, "phone").status_code == 200
    assert ask(stream, client, "laptop", "renew").json()["error"]["code"] == "stream:places"


def test_renewing_keeps_the_device_slot(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    mine = place_in(stream, ask(stream, client, "phone"))

    assert place_in(stream, ask(stream, client, "phone", "renew")) == mine
    assert lost(stream, cast.cleo.pk) == []


def test_a_silent_device_slot_does_not_count(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    phone, laptop = [place_in(stream, ask(stream, client, name)) for name in ("phone", "laptop")]
    redis.client().zincrby(f"{device_slots.key_head(stream.room_id)}{cast.cleo.pk}", -46_000, laptop)

    tv = place_in(stream, ask(stream, client, "tv"))

    assert device_slots.held(stream.room_id, cast.cleo.pk) == [phone, tv]


def test_without_a_limit_nobody_has_to_go(cast: Cast, settings: Any) -> None:
    settings.PLACES_PER_PERSON = 0
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)

    found = [place_in(stream, ask(stream, client, name)) for name in "abcd"]

    assert found == [device_slots.NO_SLOT] * 4
    assert ask(stream, client, "a", "renew").status_code == 200
    assert lost(stream, cast.cleo.pk) == []


def test_leaving_frees_all_device_slots_and_those_who_run_it_have_none(cast: Cast) -> None:
    stream, client = make_stream(cast.session, State.LIVE), bearer(cast.cleo)
    ask(stream, client, "phone")
    ask(stream, client, action="leave")

    assert device_slots.held(stream.room_id, cast.cleo.pk) == []
    assert place_in(stream, ask(stream, bearer(cast.ben), "studio")) == device_slots.NO_SLOT


@pytest.mark.parametrize("body", [{"device": "x" * 65}, {"device": ["x"]}, ["x"], {"device": None}])
def test_devices_that_are_none(cast: Cast, body: Any) -> None:
    stream = make_stream(cast.session, State.LIVE)

    assert bearer(cast.cleo).post(f"{SESSIONS}/{stream.pk}/join", body, format="json").status_code == 400


def test_many_devices_at_once_leave_two() -> None:
    room, person = "room-places0000", 7
    found, _ = at_once([partial(take, room, person, device=str(n)) for n in range(12)])

    assert (len(set(found)), len(device_slots.held(room, person))) == (12, 2)

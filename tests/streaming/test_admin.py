"""Streams in the admin, as owners, instructors and strangers see them."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from clubs.enums import Role
from streaming.domain.ingest import keys
from streaming.enums import EndReason, State
from streaming.models import Stream, StreamEvent, StreamKey
from tests.cast import Cast, add_member, make_session, make_user
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db

LIST = "/admin/streaming/stream/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, action: str, *streams: Stream) -> list[str]:
    reply = client.post(LIST, {"action": action, "_selected_action": [stream.pk for stream in streams]})
    assert reply.status_code == 302, reply.content[:500]
    return [str(message) for message in get_messages(reply.wsgi_request)]


def test_the_list_shows_the_clubs_of_its_reader(cast: Cast) -> None:
    make_stream(cast.session, State.LIVE, title="Yoga in the harbour")
    make_stream(cast.other_session, title="Running uphill")

    pages = {name: browser(cast.people[name]).get(LIST).content.decode() for name in ("ana", "ben", "eva")}

    assert {name: ("Yoga in" in page, "Running uphill" in page) for name, page in pages.items()} == {
        "ana": (True, False),
        "ben": (True, False),
        "eva": (False, True),
    }


def test_strangers_do_not_get_in(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    for user in (cast.cleo, cast.dov):
        assert browser(user).get(LIST).status_code in {302, 403}
    assert browser(cast.eva).get(f"{LIST}{stream.pk}/change/").status_code in {302, 403}


def test_actions_say_of_each_row_what_came_of_it(cast: Cast) -> None:
    colleague = make_user("Kim")
    add_member(cast.club, colleague, Role.INSTRUCTOR)
    mine = make_stream(cast.session, title="Mine")
    theirs = make_stream(make_session(cast.club, colleague), title="Theirs")
    old = make_stream(make_session(cast.club, cast.ben), State.ENDED, title="Old")

    said = act(browser(cast.ben), "start_streams", mine, theirs, old)

    assert sorted(said) == [
        "Mine: the doors are open.",
        "Old: This class has ended and does not come back. Schedule a new one to go on.",
        "Theirs: This class has another instructor.",
    ]
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, theirs.state) == (State.STARTING, State.SCHEDULED)


def test_an_owner_ends_cancels_and_changes_keys(cast: Cast) -> None:
    live, planned = make_stream(cast.session, State.LIVE), make_stream(make_session(cast.club, cast.ben))
    old = keys.issue(planned)
    client = browser(cast.ana)

    act(client, "rotate_keys", planned)
    assert keys.find(old) is None
    act(client, "end_streams", live)
    act(client, "cancel_streams", planned)

    ends = {stream.pk: stream.end_reason for stream in Stream.objects.all()}
    assert ends == {live.pk: EndReason.OPERATOR, planned.pk: EndReason.CANCELLED}


def test_the_form_changes_words_and_never_the_state(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    body = {
        "title": "New title",
        "description": "",
        "max_viewers": 7,
        "quality": "SD",
        "mode": "interactive",
        "state": "ended",
    }
    body |= {f"events-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}

    reply = browser(cast.ben).post(f"{LIST}{stream.pk}/change/", body)

    assert reply.status_code == 302
    stream.refresh_from_db()
    assert (stream.title, stream.max_viewers, stream.quality, stream.mode, stream.state) == (
        "New title",
        7,
        "SD",
        "interactive",
        State.LIVE,
    )


def inline(client: Client, cast: Cast, *, initial: int = 0, **row: Any) -> Any:
    page = f"/admin/clubs/groupsession/{cast.session.pk}/change/"
    assert client.get(page).status_code == 200
    starts = cast.session.starts_at
    body = {
        "title": cast.session.title,
        "description": "",
        "instructor": cast.ben.pk,
        "starts_at_0": f"{starts:%Y-%m-%d}",
        "starts_at_1": f"{starts:%H:%M:%S}",
        "time_zone": "UTC",
        "duration_minutes": 45,
        "capacity": "",
        "streams-TOTAL_FORMS": 1,
        "streams-INITIAL_FORMS": initial,
    }
    given = {"title": "On the air", "description": "", "max_viewers": 9, "quality": "HD", "mode": "broadcast"} | row
    return client.post(page, body | {f"streams-0-{name}": value for name, value in given.items()})


def test_an_instructor_schedules_a_stream_beside_the_class(cast: Cast) -> None:
    client = browser(cast.ben)

    reply = inline(client, cast)

    assert reply.status_code == 302, reply.content
    stream = Stream.objects.get()
    assert (stream.title, stream.max_viewers, stream.quality, stream.created_by) == ("On the air", 9, "HD", cast.ben)
    assert StreamKey.objects.get().holder == cast.ben
    again = inline(
        client, cast, initial=1, id=stream.pk, group_session=cast.session.pk, title="Still on the air", max_viewers=8
    )
    assert again.status_code == 302, again.content
    stream.refresh_from_db()
    assert (stream.title, stream.max_viewers) == ("Still on the air", 8)
    assert StreamEvent.objects.filter(kind="changed", actor=cast.ben).count() == 1


def test_a_member_schedules_nothing(cast: Cast) -> None:
    page = f"/admin/clubs/groupsession/{cast.session.pk}/change/"

    assert browser(cast.cleo).post(page, {"title": "x"}).status_code in {302, 403}
    assert not Stream.objects.exists()

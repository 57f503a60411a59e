"""Reading back and taking back over HTTP, and the admin's list."""

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from chat.admin import ActionAdmin, MessageAdmin
from chat.domain import messages, posting, rooms
from chat.models import Action, Message, Room
from chat.moderation import actions
from streaming.enums import ClassRole, State
from tests.cast import Cast, api_as
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(cast: Cast, room: Room) -> list[Message]:
    return [
        posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text=f"{number}").message for number in range(7)
    ]


@pytest.mark.parametrize("name", ["ana", "ben", "cleo"])
def test_members_read_back_page_by_page(cast: Cast, room: Room, said: list[Message], name: str) -> None:
    address = f"/api/chat/rooms/{room.stream.room_id}/messages"

    pages = []
    query = "?limit=3"
    while query:
        reply = api_as(cast.people[name]).get(address + query).json()
        assert reply["success"] is True
        pages.append([message["message"] for message in reply["messages"]])
        query = f"?limit=3&before={reply['next_before']}" if reply["next_before"] else ""

    assert pages == [["4", "5", "6"], ["1", "2", "3"], ["0"]]
    assert reply["seq"] == 7


def test_members_read_on_page_by_page(cast: Cast, room: Room, said: list[Message]) -> None:
    address = f"/api/chat/rooms/{room.stream.room_id}/messages"
    client = api_as(cast.cleo)

    pages = []
    cursor: int | None = 0
    while cursor is not None:
        reply = client.get(f"{address}?limit=3&after={cursor}").json()
        pages.append([message["message"] for message in reply["messages"]])
        cursor = reply["next_after"]

    assert pages == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert (reply["next_before"], reply["next_after"]) == (7, None)
    back = client.get(f"{address}?limit=3&before=7").json()
    assert [message["seq"] for message in back["messages"]] == [4, 5, 6]
    assert (back["next_before"], back["next_after"]) == (4, 6)
    for end in ("after=7", "before=1"):
        nothing = client.get(f"{address}?{end}").json()
        assert (nothing["messages"], nothing["next_before"], nothing["next_after"]) == ([], None, None)


def test_a_page_shows_each_message_as_it_is_now(cast: Cast, room: Room, said: list[Message]) -> None:
    for message in said[1:3]:
        messages.delete(messages.find(message.pk), actor=cast.ben)
    messages.restore(messages.find(said[2].pk), actor=cast.ben)

    reply = api_as(cast.cleo).get(f"/api/chat/rooms/{room.stream.room_id}/messages").json()

    shown = [(message["seq"], message["message"], message["deleted"]) for message in reply["messages"]]
    assert shown == [(n + 1, "" if n == 1 else f"{n}", n == 1) for n in range(7)]
    assert (reply["seq"], reply["next_before"], reply["next_after"]) == (10, None, None)


@pytest.mark.parametrize("name", ["dov", "eva", None])
def test_others_do_not_learn_that_the_room_exists(cast: Cast, room: Room, name: str | None) -> None:
    client = api_as(cast.people[name] if name else None)

    hidden = client.get(f"/api/chat/rooms/{room.stream.room_id}/messages")
    unknown = client.get("/api/chat/rooms/room-unknown12345/messages")

    assert hidden.status_code == unknown.status_code == (404 if name else 401)
    assert hidden.json() == unknown.json()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("before=0", 400),
        ("before=x", 400),
        ("before=99999999999999999999", 400),
        ("limit=0", 400),
        ("limit=201", 400),
        ("before=9223372036854775807", 200),
        ("after=-1", 400),
        ("after=x", 400),
        ("after=1.5", 400),
        ("after=99999999999999999999", 400),
        ("after=9223372036854775807", 200),
        ("after=0", 200),
        ("after=1&before=5", 400),
        ("before=%00", 400),
        ("limit=null", 400),
        ("", 200),
    ],
)
def test_a_query_is_checked(cast: Cast, room: Room, query: str, status: int) -> None:
    reply = api_as(cast.cleo).get(f"/api/chat/rooms/{room.stream.room_id}/messages?{query}")

    assert reply.status_code == status
    assert reply.json()["success"] is (status == 200)


@pytest.mark.parametrize("room_id", ["x", "room-%00abcdefgh", "room-" + "a" * 3000])
def test_a_malformed_room_is_unknown(cast: Cast, room_id: str) -> None:
    assert api_as(cast.cleo).get(f"/api/chat/rooms/{room_id}/messages").status_code == 404


@pytest.mark.parametrize("name", ["cleo", "ben", "ana"])
def test_author_and_staff_take_back(cast: Cast, said: list[Message], name: str) -> None:
    reply = api_as(cast.people[name]).delete(f"/api/chat/messages/{said[0].pk}")

    assert reply.status_code == 200
    assert reply.json()["message"]["deleted"] is True
    assert reply.json()["message"]["message"] == ""
    said[0].refresh_from_db()
    assert (said[0].deleted_by, said[0].changed_seq, said[0].text) == (cast.people[name], 8, "0")


def test_another_member_may_not_and_strangers_learn_nothing(cast: Cast, room: Room, said: list[Message]) -> None:
    bens = posting.post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="mine").message

    assert api_as(cast.cleo).delete(f"/api/chat/messages/{bens.pk}").status_code == 403
    for name in ("dov", "eva"):
        hidden = api_as(cast.people[name]).delete(f"/api/chat/messages/{said[0].pk}")
        unknown = api_as(cast.people[name]).delete("/api/chat/messages/987654321")
        assert (hidden.status_code, hidden.json()) == (unknown.status_code, unknown.json())
        assert hidden.status_code == 404
    assert api_as(cast.cleo).delete(f"/api/chat/messages/{2**70}").status_code == 404
    assert not Message.objects.filter(deleted_at__isnull=False).exists()


def test_deleting_twice_answers_alike(cast: Cast, said: list[Message]) -> None:
    first, second = (api_as(cast.cleo).delete(f"/api/chat/messages/{said[0].pk}").json() for _ in range(2))

    assert first == second


def test_the_admin_lists_only_rooms_one_runs(cast: Cast, said: list[Message]) -> None:
    elsewhere = rooms.find(make_stream(cast.other_session, State.LIVE).room_id)
    posting.post(elsewhere, author=cast.eva, role=ClassRole.INSTRUCTOR, text="Hill")
    request = RequestFactory().get("/admin/chat/message/")

    def seen_by(name: str) -> set[str]:
        request.user = cast.people[name]
        return set(MessageAdmin(Message, admin.site).get_queryset(request).values_list("author_name", flat=True))

    assert {name: seen_by(name) for name in cast.people} == {
        "ana": {"Cleo"},
        "ben": {"Cleo"},
        "cleo": set(),
        "dov": set(),
        "eva": {"Eva"},
    }


def test_an_operator_takes_back_in_the_admin(client: Client, cast: Cast, said: list[Message]) -> None:
    cast.dov.is_staff = True
    cast.dov.save()
    client.force_login(cast.dov)

    assert client.get("/admin/chat/message/").status_code == 200
    reply = client.post("/admin/chat/message/", {"action": "take_back", "_selected_action": [said[0].pk]})

    assert reply.status_code == 302
    assert Message.objects.get(deleted_at__isnull=False) == said[0]


def test_the_admin_shows_what_was_done_and_changes_nothing(client: Client, cast: Cast, room: Room) -> None:
    actions.time_out(room, user=cast.cleo, actor=cast.ben, minutes=5)
    (row,) = Action.objects.all()
    request = RequestFactory().get("/admin/chat/action/")

    def seen_by(name: str) -> int:
        request.user = cast.people[name]
        return ActionAdmin(Action, admin.site).get_queryset(request).count()

    assert {name: seen_by(name) for name in cast.people} == {"ana": 1, "ben": 1, "cleo": 0, "dov": 0, "eva": 0}
    client.force_login(cast.ana)
    assert client.get("/admin/chat/action/").status_code == 200
    page = client.get(f"/admin/chat/action/{row.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert client.post(f"/admin/chat/action/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/chat/action/add/").status_code == 403

"""The filter in a room: sockets, the API of rules and held messages, the admin."""

import asyncio

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from chat.admin.club_filter import ClubFilterAdmin, HeldMessageAdmin
from chat.domain import club_filter, held, posting
from chat.errors import BadRules, Held, Refused, Rejected
from chat.models import ClubFilter, HeldMessage, Message, Room
from chat.threads import in_thread
from clubs.models import Club
from streaming.enums import ClassRole
from streaming.models import Stream
from tests.cast import Cast, api_as
from tests.chat.conftest import Enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


def _hold_links(cast: Cast) -> None:
    club_filter.change(cast.club, actor=cast.ana, on_links="hold")


def _held(cast: Cast, room: Room, client_id: str | None = None, text: str = "see example.com") -> HeldMessage:
    with pytest.raises(Held) as waits:
        posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text=text, client_id=client_id)
    return held.find(waits.value.held_id)


async def test_a_word_is_masked_for_everybody_and_kept_nowhere(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("Oh, b.u.l.l.s.h.i.t!", client_id="a")

    assert (await ben.next("chat_message"))["message"] == "Oh, ***!"
    assert (await cleo.next("chat_message"))["message"] == "Oh, ***!"
    assert await in_thread(lambda: list(Message.objects.values_list("text", flat=True)))() == ["Oh, ***!"]


async def test_a_slur_is_refused_with_words_and_the_room_goes_on(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("you f4ggot", client_id="a")

    refused = await cleo.next("error")
    assert (refused["code"], refused["client_id"]) == ("chat:message:refused:slur", "a")
    await cleo.say("Sorry")
    said = await ben.next("chat_message")
    assert (said["message"], said["seq"]) == ("Sorry", 1)


async def test_a_repeat_is_refused_but_not_sending_again(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)
    await cleo.say("Is there a replay?", client_id="a")
    first = await cleo.next("chat_message")

    await cleo.say("Is there a replay?", client_id="a")
    assert await cleo.next("chat_message") == first
    await cleo.say("IS there a  replay!!", client_id="b")
    assert (await cleo.next("error"))["code"] == "chat:message:refused:repeats"


async def test_a_held_message_reaches_each_reader_once_when_let_in(enter: Enter, cast: Cast, stream: Stream) -> None:
    await in_thread(_hold_links)(cast)
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("see example.com", client_id="a")
    waits = await cleo.next("message_held")
    await cleo.say("see example.com", client_id="a")
    assert await cleo.next("message_held") == waits
    await cleo.say("Next")
    assert ((await ben.next("chat_message"))["message"], await ben.quiet()) == ("Next", True)
    late = (await enter(stream, cast.ben)).hello
    assert ([m["message"] for m in late["history"]], late["seq"]) == (["Next"], 1)

    release = in_thread(lambda: held.release(held.find(waits["id"]), actor=cast.ben))
    await asyncio.gather(release(), release())

    said = await ben.next("chat_message")
    assert (said["message"], said["seq"], said["client_id"]) == ("see example.com", 2, "a")
    assert await ben.quiet()
    await cleo.send({"type": "resync", "after": 1})
    assert [event["seq"] for event in (await cleo.next("resynced"))["events"]] == [2]
    await cleo.say("see example.com", client_id="a")
    await cleo.next("chat_message")
    assert await in_thread(Message.objects.count)() == 2


def test_a_rejected_message_says_so_when_sent_again(cast: Cast, room: Room) -> None:
    _hold_links(cast)
    waiting = _held(cast, room, "a")

    reply = api_as(cast.ben).post(f"/api/chat/held/{waiting.pk}/reject")

    assert (reply.status_code, reply.json()["held"]["review"]) == (200, "rejected")
    with pytest.raises(Rejected):
        posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="see example.com", client_id="a")
    late = api_as(cast.ana).post(f"/api/chat/held/{waiting.pk}/release")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "chat:held:decided")
    assert not Message.objects.exists()


def test_said_meanwhile_under_milder_rules_is_not_said_twice(cast: Cast, room: Room) -> None:
    _hold_links(cast)
    waiting = _held(cast, room, "a")
    club_filter.change(cast.club, actor=cast.ana, on_links="off")
    said = posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="see example.com", client_id="a")

    released = held.release(waiting, actor=cast.ben)

    assert released.message == said.message
    assert Message.objects.count() == 1
    room.refresh_from_db()
    assert room.last_seq == 1


def test_who_sees_what_waits(cast: Cast, room: Room) -> None:
    _hold_links(cast)
    waiting = _held(cast, room)
    address = f"/api/chat/rooms/{room.stream.room_id}/held"

    shown = {name: api_as(user).get(address).json().get("held") for name, user in cast.people.items()}

    assert {name: rows and [row["id"] for row in rows] for name, rows in shown.items()} == {
        "ana": [waiting.pk],
        "ben": [waiting.pk],
        "cleo": [waiting.pk],
        "dov": None,
        "eva": None,
    }
    assert api_as(cast.cleo).post(f"/api/chat/held/{waiting.pk}/release").status_code == 403
    assert api_as(cast.eva).post(f"/api/chat/held/{waiting.pk}/release").status_code == 404
    assert api_as(cast.ben).post("/api/chat/held/987654321/release").status_code == 404


def test_a_change_holds_for_the_next_message(cast: Cast, room: Room) -> None:
    address = f"/api/clubs/{cast.club.pk}/chat-rules"
    owner = api_as(cast.ana)
    assert owner.get(address).json()["rules"]["updated_at"] is None
    posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="a protein shake")

    reply = owner.patch(address, {"words": ["*protein*"], "on_words": "refuse", "languages": ["de"]}, format="json")

    rules = reply.json()["rules"]
    assert (rules["words"], rules["on_words"], rules["languages"]) == (["*protein*"], "refuse", ["de"])
    assert owner.get(address).json()["rules"] == rules
    with pytest.raises(Refused, match="chat:message:refused:words"):
        posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="more proteins")
    owner.patch(address, {"allowed": ["proteins"]}, format="json")
    posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="more proteins, bullshit")
    assert Message.objects.filter(text="more proteins, bullshit").exists()  # English is off


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"words": ["(a+)+", "x"]}, "chat:rules:word"),
        ({"words": ["a*b*c"]}, "chat:rules:word"),
        ({"words": ["ab" * 30]}, "chat:rules:word"),
        ({"words": "abc"}, "invalid"),
        ({"words": [None]}, "invalid"),
        ({"words": [f"word {n}" for n in range(301)]}, "invalid"),
        ({"languages": ["xx"]}, "invalid"),
        ({"on_links": "explode"}, "invalid"),
        ({"on_shouting": "mask"}, "invalid"),
        ({"emoji_limit": 0}, "invalid"),
        ({"repeat_seconds": 10**9}, "invalid"),
        ({"on_slur": None}, "invalid"),
    ],
)
def test_bad_rules_are_refused_with_a_code(cast: Cast, change: dict[str, object], code: str) -> None:
    reply = api_as(cast.ana).patch(f"/api/clubs/{cast.club.pk}/chat-rules", change, format="json")

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, code)
    assert list(reply.json()["error"]["fields"]) == list(change)
    assert not ClubFilter.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"on_shouting": "mask"}, "chat:rules:outcome"),
        ({"languages": ["xx"]}, "chat:rules:language"),
        ({"emoji_limit": 0}, "chat:rules:limit"),
        ({"words": [f"word{'abcdefghij'[n % 10] * (n // 10 + 1)}x" for n in range(301)]}, "chat:rules:too-many"),
    ],
)
def test_the_domain_checks_for_every_door(cast: Cast, change: dict[str, object], code: str) -> None:
    with pytest.raises(BadRules, match=code):
        club_filter.change(cast.club, actor=cast.ana, **change)


def test_owners_edit_their_clubs_rules_in_the_admin(client: Client, cast: Cast) -> None:
    form = {"club": cast.club.pk, "languages": ["en", "fr"], "words": "protein\r\n*shake*", "allowed": ""}
    form |= dict.fromkeys(club_filter.OUTCOMES, "hold") | dict.fromkeys(club_filter.LIMITS, 7)
    client.force_login(cast.ana)

    assert client.post("/admin/chat/clubfilter/add/", form).status_code == 302
    row = ClubFilter.objects.get(club=cast.club)
    assert (row.languages, row.words, row.on_links, row.emoji_limit) == (["en", "fr"], "protein\n*shake*", "hold", 7)
    assert client.get(f"/admin/chat/clubfilter/{row.pk}/change/").status_code == 200
    changed = client.post(f"/admin/chat/clubfilter/{row.pk}/change/", form | {"words": ""})
    row.refresh_from_db()
    assert (changed.status_code, row.words) == (302, "")
    bad = client.post(f"/admin/chat/clubfilter/{row.pk}/change/", form | {"words": "x"}, follow=True)
    assert "needs at least two" in bad.content.decode()
    client.force_login(cast.eva)
    assert client.get(f"/admin/chat/clubfilter/{row.pk}/change/").status_code == 302
    assert client.post("/admin/chat/clubfilter/add/", form | {"words": "stolen"}).status_code == 200  # not her club
    assert Club.objects.get(pk=cast.club.pk).chat_rules.words == ""


def test_the_admin_scopes_and_lets_in(client: Client, cast: Cast, room: Room) -> None:
    _hold_links(cast)
    one, two = _held(cast, room), _held(cast, room, text="or example.org")
    request = RequestFactory().get("/")

    def seen_by(name: str, kind: type[ClubFilterAdmin | HeldMessageAdmin], model: type) -> int:
        request.user = cast.people[name]
        return kind(model, admin.site).get_queryset(request).count()

    assert [seen_by(name, HeldMessageAdmin, HeldMessage) for name in ("ana", "ben", "cleo", "eva")] == [2, 2, 0, 0]
    assert [seen_by(name, ClubFilterAdmin, ClubFilter) for name in ("ana", "ben", "cleo", "eva")] == [1, 0, 0, 0]
    client.force_login(cast.ana)
    assert client.get("/admin/chat/heldmessage/").status_code == 200
    client.post("/admin/chat/heldmessage/", {"action": "let_in", "_selected_action": [one.pk]})
    client.post("/admin/chat/heldmessage/", {"action": "turn_away", "_selected_action": [two.pk]})
    assert list(Message.objects.values_list("text", "seq")) == [("see example.com", 1)]

"""What waits: review on the class page, the moderation delay, and house rules before the first message."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from chat.domain import access, club_filter, delay, held, posting
from chat.enums import Act, Review
from chat.errors import Held, Wait
from chat.models import Action, HeldMessage, Message, Room
from chat.moderation import actions
from chat.threads import in_thread
from clubs.domain import house_rules
from clubs.models import Ban, Membership
from streaming.enums import ClassRole
from streaming.models import Stream
from tests.cast import Cast, api_as
from tests.chat.conftest import Enter
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


def delayed(room: Room, cast: Cast, *texts: str, seconds: int = 5) -> list[HeldMessage]:
    """What Cleo said with the delay on."""
    actions.change_settings(room, actor=cast.ben, delay_seconds=seconds)
    return [wait(room, cast, text) for text in texts]


def wait(room: Room, cast: Cast, text: str) -> HeldMessage:
    with pytest.raises(Held) as waits:
        posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text=text)
    return held.find(waits.value.held_id)


def make_due(room: Room) -> None:
    HeldMessage.objects.filter(room=room).update(due_at=F("held_at") - timedelta(minutes=1))


def talk(room: Room) -> list[tuple[int, str]]:
    return list(Message.objects.filter(room=room).order_by("seq").values_list("seq", "text"))


# --- review --------------------------------------------------------------------------------------------------
async def test_who_moderates_hears_that_something_waits(enter: Enter, cast: Cast, stream: Stream) -> None:
    await in_thread(partial(club_filter.change, cast.club, actor=cast.ana, on_links="hold"))()
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("See example.com", client_id="a")

    waits = await cleo.next("message_held")
    assert (waits["message"], waits["due_at"]) == ("See example.com", None)
    assert await ben.next("held_waiting") == {"type": "held_waiting", "count": 1, "newest": waits["id"]}
    late = await enter(stream, cast.ana)
    assert (await late.next("held_waiting"))["count"] == 1

    rejected = await in_thread(lambda: api_as(cast.ben).post(f"/api/chat/held/{waits['id']}/reject"))()
    assert rejected.status_code == 200
    assert await cleo.next("message_rejected") == {"type": "message_rejected", "id": waits["id"], "client_id": "a"}
    for reader in (ben, late):
        assert await reader.next("held_waiting") == {"type": "held_waiting", "count": 0, "newest": None}
    assert await cleo.quiet("held_waiting", seconds=0.2)
    assert await in_thread(lambda: Action.objects.get().act)() == Act.REJECT


# --- the delay -----------------------------------------------------------------------------------------------
async def test_a_delayed_message_goes_in_by_itself(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    await ben.send({"type": "change_settings", "delay_seconds": 1})
    assert (await cleo.next("room_settings"))["settings"]["delay_seconds"] == 1

    await cleo.say("One", client_id="1")
    await cleo.say("Two", client_id="2")
    first = await cleo.next("message_held")
    assert first["due_at"] - first["timestamp"] in range(900, 1100)
    await ben.say("At once")
    assert (await ben.next("chat_message"))["message"] == "At once"

    heard = [await ben.next("chat_message", within=15) for _ in range(2)]
    assert [(frame["message"], frame["seq"], frame["client_id"]) for frame in heard] == [
        ("One", 2, "1"),
        ("Two", 3, "2"),
    ]
    assert [(await cleo.next("chat_message"))["seq"] for _ in range(3)] == [1, 2, 3]


def test_a_moderator_turns_a_delayed_message_away_or_lets_it_in_early(cast: Cast, room: Room) -> None:
    one, two, three = delayed(room, cast, "One", "Two", "Three")

    held.reject(one, actor=cast.ben)
    held.release(three, actor=cast.ben)
    make_due(room)
    delay.release_due(room)

    assert talk(room) == [(1, "Three"), (2, "Two")]
    assert two.sorts == ["delay"]


def test_processes_that_look_at_once_let_each_in_once_and_in_order(cast: Cast, room: Room) -> None:
    rows = delayed(room, cast, *(f"Round {number}" for number in range(8)))
    make_due(room)

    counts, refused = at_once([partial(delay.release_due, room) for _ in range(4)])

    assert (sum(counts), refused) == (8, [])
    assert talk(room) == [(number + 1, row.text) for number, row in enumerate(rows)]


def test_nobody_needs_to_be_there_when_it_is_due(cast: Cast, room: Room) -> None:
    delayed(room, cast, "Hello")
    make_due(room)

    read = api_as(cast.ben).get(f"/api/chat/rooms/{room.stream.room_id}/messages").json()

    assert [message["message"] for message in read["messages"]] == ["Hello"]


@pytest.mark.parametrize("act", ["time_out", "ban"])
def test_what_somebody_said_who_is_gone_meanwhile_is_turned_away(cast: Cast, room: Room, act: str) -> None:
    [row] = delayed(room, cast, "Hello")
    if act == "ban":
        Ban.objects.create(club=cast.club, group_session=cast.session, user=cast.cleo)
    else:
        actions.time_out(room, user=cast.cleo, actor=cast.ben, minutes=5)
    make_due(room)

    delay.release_due(room)

    row.refresh_from_db()
    assert (row.review, row.decided_by, talk(room)) == (Review.REJECTED, None, [])


def test_turning_the_delay_off_lets_all_in(cast: Cast, room: Room) -> None:
    delayed(room, cast, "One", "Two", seconds=30)

    actions.change_settings(room, actor=cast.ben, delay_seconds=0)
    delay.release_due(room)

    assert talk(room) == [(1, "One"), (2, "Two")]


def test_the_delay_holds_members_alone_and_sending_again_changes_nothing(cast: Cast, room: Room) -> None:
    actions.change_settings(room, actor=cast.ben, delay_seconds=5)
    said = posting.post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="Go")
    assert said.is_new

    for _ in range(2):
        with pytest.raises(Held):
            posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="Hi", client_id="a")
    make_due(room)
    delay.release_due(room)

    again = posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="Hi", client_id="a")
    assert (again.is_new, again.message.seq, HeldMessage.objects.count()) == (False, 2, 1)


def test_slow_mode_counts_what_is_delayed(cast: Cast, room: Room) -> None:
    actions.change_settings(room, actor=cast.ben, slow_seconds=60)
    delayed(room, cast, "One")

    with pytest.raises(Wait):
        posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="Two")


# --- house rules ---------------------------------------------------------------------------------------------
async def test_a_newcomer_reads_the_rules_once(enter: Enter, cast: Cast, stream: Stream) -> None:
    await in_thread(Membership.objects.filter(user=cast.cleo).update)(rules_read=0)
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("Hello", client_id="a")
    refused = await cleo.next("error")
    assert (refused["code"], refused["client_id"]) == ("chat:rules:unread", "a")
    await cleo.send({"type": "accept_rules", "version": 7})  # of the future: as far as they go
    assert await cleo.next("rules_accepted")
    await cleo.send({"type": "accept_rules", "version": 1})
    assert await cleo.next("rules_accepted")
    await cleo.say("Hello", client_id="a")
    assert (await ben.next("chat_message"))["message"] == "Hello"

    await in_thread(partial(house_rules.change, cast.club, actor=cast.ana, text="Be kind.", show_again=True))()
    await cleo.say("Still here?")
    assert (await cleo.next("error"))["code"] == "chat:rules:unread"
    await in_thread(partial(house_rules.change, cast.club, actor=cast.ana, text=""))()
    await cleo.say("Nothing to read?")
    assert (await ben.next("chat_message"))["message"] == "Nothing to read?"


async def test_moderators_are_not_asked(enter: Enter, cast: Cast, stream: Stream) -> None:
    await in_thread(Membership.objects.update)(rules_read=0)
    ben = await enter(stream, cast.ben)

    await ben.say("Hello")

    assert await ben.next("chat_message")


def test_house_rules_over_the_api(cast: Cast) -> None:
    address = f"/api/clubs/{cast.club.pk}/house-rules"
    Membership.objects.update(rules_read=0)

    before = api_as(cast.cleo).get(address).json()["house_rules"]
    assert (before["read"], before["version"], "Be kind." in before["text"]) == (False, 1, True)
    for _ in range(2):
        reply = api_as(cast.cleo).post(f"{address}/accept", {"version": 1}, format="json")
        assert reply.json()["house_rules"]["read"] is True

    assert api_as(cast.ben).patch(address, {"text": "Mine."}, format="json").status_code == 403
    assert api_as(cast.dov).post(f"{address}/accept", {"version": 1}, format="json").status_code == 403
    api_as(cast.ana).patch(address, {"text": "Be kind.", "show_again": True}, format="json")
    after = api_as(cast.cleo).get(address).json()["house_rules"]
    assert (after["read"], after["text"]) == (False, "Be kind.")


def test_knowing_the_rules_costs_no_query(cast: Cast, room: Room) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert access.require_talker(cast.cleo, room.stream).knows_rules

    assert len(asked) == 1

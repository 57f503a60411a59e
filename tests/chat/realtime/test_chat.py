"""Talking, reading back, taking back: over the socket, with everything real behind it."""

import asyncio

import pytest

from chat.domain import access, messages, posting
from chat.models import Message, Room
from chat.threads import in_thread
from clubs.models import Membership
from fitfriends.core import clock
from streaming.enums import ClassRole, State
from streaming.models import Stream
from streaming.signals import stream_changed, viewer_removed
from tests.cast import Cast
from tests.chat.conftest import Enter
from tests.streaming.factories import make_stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


async def test_two_people_talk_both_ways(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("Good morning!", client_id="c-1")
    heard = {reader: await reader.next("chat_message") for reader in (cleo, ben)}
    await ben.say("Hello Cleo.")

    for reader, first in heard.items():
        second = await reader.next("chat_message")
        assert (first["message"], first["username"], first["role"]) == ("Good morning!", "Cleo", "member")
        assert (second["message"], second["username"], second["role"]) == ("Hello Cleo.", "Ben", "instructor")
        assert (first["seq"], second["seq"]) == (1, 2)
        assert first["client_id"] == "c-1"
        assert first["user_id"] == cast.cleo.pk
        assert abs(first["timestamp"] - clock.to_ms(clock.now())) < 10_000


async def test_welcome_tells_who_is_here_and_what_was_said(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    def talk() -> None:
        for number in range(55):
            posting.post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=f"{number}")

    await in_thread(talk)()

    hello = (await enter(stream, cast.cleo)).hello

    assert hello["room_id"] == stream.room_id
    assert hello["you"] == {"user_id": cast.cleo.pk, "username": "Cleo", "role": "member"}
    assert [message["message"] for message in hello["history"]] == [f"{number}" for number in range(5, 55)]
    assert hello["seq"] == 55
    assert hello["viewer_count"] == 1
    assert hello["people"] == [{"user_id": cast.cleo.pk, "username": "Cleo", "role": "member"}]
    assert hello["stream"]["state"] == "live"
    assert hello["stream"]["picture"] is True
    assert hello["stream"]["id"] == stream.pk


async def test_what_a_client_says_about_itself_is_ignored(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    await cleo.say("It is me", user_id=cast.ben.pk, username="Ben", role="owner", timestamp=1, seq=900)

    frame = await cleo.next("chat_message")
    assert frame["user_id"] == cast.cleo.pk
    assert (frame["username"], frame["role"], frame["seq"]) == ("Cleo", "member", 1)
    assert frame["timestamp"] > 1_000_000


async def test_markup_arrives_verbatim_as_text(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)
    script = "<script>alert(1)</script><img src=x onerror=alert(2)> &amp; \"'{{ }}"

    await cleo.say(script)

    assert (await cleo.next("chat_message"))["message"] == script


async def test_sending_again_says_it_once(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("Once", client_id="same")
    first = await cleo.next("chat_message")
    await cleo.say("Once", client_id="same")

    assert await cleo.next("chat_message") == first
    await ben.next("chat_message")
    assert await ben.quiet()
    assert await in_thread(Message.objects.count)() == 1


async def test_one_client_id_in_two_threads_is_one_message(cast: Cast, room: Room) -> None:
    post = in_thread(posting.post)

    both = await asyncio.gather(
        *(post(room, author=cast.cleo, role=ClassRole.MEMBER, text="x", client_id="same") for _ in range(4))
    )

    assert sorted(posted.is_new for posted in both) == [False, False, False, True]
    assert {posted.message.seq for posted in both} == {1}


async def test_numbers_have_no_gap_under_pressure(cast: Cast, room: Room) -> None:
    post = in_thread(posting.post)

    await asyncio.gather(*(post(room, author=cast.cleo, role=ClassRole.MEMBER, text=f"{n}") for n in range(40)))

    seqs = await in_thread(lambda: sorted(Message.objects.values_list("seq", flat=True)))()
    assert seqs == list(range(1, 41))


@pytest.mark.parametrize("actor", ["cleo", "ben", "ana"])
async def test_author_instructor_and_owner_delete(enter: Enter, cast: Cast, stream: Stream, actor: str) -> None:
    cleo, other = await enter(stream, cast.cleo), await enter(stream, cast.people[actor])
    await cleo.say("Oops")
    said = await other.next("chat_message")

    await other.send({"type": "delete_message", "id": said["id"]})

    assert await cleo.next("message_deleted") == {"type": "message_deleted", "id": said["id"], "seq": 2}
    late = (await enter(stream, cast.ben)).hello
    assert [(m["message"], m["deleted"]) for m in late["history"]] == [("", True)]
    assert late["seq"] == 2


async def test_another_member_does_not_delete(enter: Enter, cast: Cast, stream: Stream) -> None:
    ben, cleo = await enter(stream, cast.ben), await enter(stream, cast.cleo)
    await ben.say("Keep this")
    said = await cleo.next("chat_message")

    await cleo.send({"type": "delete_message", "id": said["id"]})

    assert (await cleo.next("error"))["code"] == "chat:message:not-yours"
    assert await ben.quiet("message_deleted")


async def test_a_message_of_another_room_is_unknown(enter: Enter, cast: Cast, stream: Stream) -> None:
    elsewhere = await in_thread(make_stream)(cast.other_session, State.LIVE)
    eva, ben = await enter(elsewhere, cast.eva), await enter(stream, cast.ben)
    await eva.say("Hill")
    said = await eva.next("chat_message")

    await ben.send({"type": "delete_message", "id": said["id"]})

    assert (await ben.next("error"))["code"] == "chat:message:unknown"


async def test_deleting_twice_is_told_once(cast: Cast, room: Room) -> None:
    posted = await in_thread(posting.post)(room, author=cast.cleo, role=ClassRole.MEMBER, text="x")
    delete = in_thread(lambda: messages.delete(messages.find(posted.message.pk), actor=cast.ben))

    first, second = await delete(), await delete()

    assert (first.changed_seq, second.changed_seq) == (2, 2)
    await in_thread(room.refresh_from_db)()
    assert room.last_seq == 2


async def test_rooms_do_not_hear_each_other(enter: Enter, cast: Cast, stream: Stream) -> None:
    elsewhere = await in_thread(make_stream)(cast.other_session, State.LIVE)
    eva, cleo = await enter(elsewhere, cast.eva), await enter(stream, cast.cleo)

    await cleo.say("Harbour")

    await cleo.next("chat_message")
    assert await eva.quiet()


async def test_the_stream_state_arrives(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    def interrupt() -> None:
        Stream.objects.filter(pk=stream.pk).update(state=State.INTERRUPTED, reconnect_until=clock.now())
        stream_changed.send_robust(sender=Stream, stream=stream)

    await in_thread(interrupt)()

    assert (await cleo.next("stream_state"))["stream"]["state"] == "interrupted"


async def test_a_preview_is_shown_to_those_who_run_the_class(enter: Enter, cast: Cast) -> None:
    stream = await in_thread(make_stream)(cast.session, State.PREVIEW, has_picture=True)

    ben, cleo = await enter(stream, cast.ben), await enter(stream, cast.cleo)

    assert (ben.hello["stream"]["state"], ben.hello["stream"]["picture"]) == ("preview", True)
    assert (cleo.hello["stream"]["state"], cleo.hello["stream"]["picture"]) == ("scheduled", False)


@pytest.mark.parametrize("state", [State.SCHEDULED, State.STARTING, State.INTERRUPTED])
async def test_talk_is_open_before_and_between(enter: Enter, cast: Cast, state: State) -> None:
    cleo = await enter(await in_thread(make_stream)(cast.session, state), cast.cleo)

    await cleo.say("Is it on?")

    assert (await cleo.next("chat_message"))["message"] == "Is it on?"


async def test_after_the_end_one_reads_but_does_not_talk(enter: Enter, cast: Cast) -> None:
    cleo = await enter(await in_thread(make_stream)(cast.session, State.ENDED), cast.cleo)

    await cleo.say("Bye", client_id="b")

    refused = await cleo.next("error")
    assert (refused["code"], refused["client_id"]) == ("chat:talk:closed", "b")


async def test_long_after_the_end_the_room_is_gone(enter: Enter, cast: Cast) -> None:
    ended = clock.now() - access.STAYS_OPEN * 2
    stream = await in_thread(make_stream)(cast.session, State.ENDED, ended_at=ended)

    assert await (await enter(stream, cast.cleo, welcome=False)).closed() == 4404


async def test_a_removed_person_loses_every_socket(enter: Enter, cast: Cast, stream: Stream) -> None:
    one, two, ben = await enter(stream, cast.cleo), await enter(stream, cast.cleo), await enter(stream, cast.ben)

    def remove() -> None:
        viewer_removed.send_robust(sender=None, room_id=stream.room_id, user_id=cast.cleo.pk)

    await in_thread(remove)()

    assert (await one.closed(), await two.closed()) == (4403, 4403)
    assert ben.code is None


async def test_who_left_the_club_meanwhile_is_refused(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    def leave() -> None:
        Membership.objects.filter(user=cast.cleo).update(left_at=clock.now())

    await in_thread(leave)()

    # The note that should have closed the socket got lost: the next command does it.
    await cleo.say("Still here")
    assert await cleo.closed() == 4403
    assert await (await enter(stream, cast.cleo, welcome=False)).closed() == 4403


async def test_presence_follows_people_not_sockets(enter: Enter, cast: Cast, stream: Stream) -> None:
    ben = await enter(stream, cast.ben)
    assert ben.hello["viewer_count"] == 0

    cleo = await enter(stream, cast.cleo)
    await enter(stream, cast.cleo)
    told = await ben.next("presence")
    assert told["viewer_count"] == 1
    assert [person["username"] for person in told["people"]] == ["Ben", "Cleo"]

    await cleo.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    assert await ben.quiet("presence", seconds=2.5)


async def test_leaving_is_seen_at_once(enter: Enter, cast: Cast, stream: Stream) -> None:
    ben, cleo = await enter(stream, cast.ben), await enter(stream, cast.cleo)
    assert (await ben.next("presence"))["viewer_count"] == 1

    await cleo.communicator.send_input({"type": "websocket.disconnect", "code": 1001})

    assert (await ben.next("presence", within=3))["viewer_count"] == 0


async def test_ping_is_answered(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    await cleo.send({"type": "ping"})

    assert abs((await cleo.next("pong"))["server_time"] - clock.to_ms(clock.now())) < 10_000

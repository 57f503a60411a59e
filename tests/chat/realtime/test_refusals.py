"""Who is not let in, and what a bad client gets: a code, while the room goes on."""

import json
from typing import Any

import pytest

from chat.domain import message_rate
from chat.limits import FRAME_BYTES, MESSAGE_CHARACTERS
from chat.threads import in_thread
from clubs.models import Membership
from fitfriends.core import clock
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import playback
from streaming.enums import ClassRole, State
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter, Socket, room_token
from tests.streaming.factories import make_stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


async def refused_with(sockets: list[Socket], address: str, **kw: Any) -> int:
    socket = Socket(address, **kw)
    sockets.append(socket)
    await socket.open()
    return await socket.closed()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?token=",
        "?token=abc",
        "?token=" + "a" * 4000,
        "?token=%00%ff",
        "?token=a&token=b",
        "?TOKEN=x",
        "?token[]=x",
    ],
)
async def test_without_a_token_that_we_signed_nobody_enters(
    sockets: list[Socket], stream: Stream, query: str
) -> None:
    assert await refused_with(sockets, f"/room/{stream.room_id}{query}") == 4401


async def test_a_forged_token_is_refused(sockets: list[Socket], cast: Cast, stream: Stream) -> None:
    token = await in_thread(room_token)(stream, cast.cleo)
    for forged in (token[:-1] + ("a" if token[-1] != "a" else "b"), "x" + token, token.rsplit(".", 1)[0]):
        assert await refused_with(sockets, f"/room/{stream.room_id}?token={forged}") == 4401


async def test_an_expired_token_is_refused(sockets: list[Socket], cast: Cast, stream: Stream) -> None:
    token = await in_thread(room_token)(stream, cast.cleo, expires=int(clock.now().timestamp()) - 1)

    assert await refused_with(sockets, f"/room/{stream.room_id}?token={token}") == 4401


async def test_a_token_of_another_room_is_refused(sockets: list[Socket], cast: Cast, stream: Stream) -> None:
    elsewhere = await in_thread(make_stream)(cast.other_session, State.LIVE)
    token = await in_thread(room_token)(elsewhere, cast.eva)

    assert await refused_with(sockets, f"/room/{stream.room_id}?token={token}") == 4401


@pytest.mark.parametrize("name", ["dov", "eva"])
async def test_a_stranger_does_not_stay_even_with_a_token(
    enter: Enter, cast: Cast, stream: Stream, name: str
) -> None:
    socket = await enter(stream, cast.people[name], class_role=ClassRole.MEMBER, welcome=False)

    assert await socket.closed() == 4403


async def test_a_token_from_before_its_holder_lost_every_right_opens_nothing(
    enter: Enter, cast: Cast, stream: Stream
) -> None:
    before = await in_thread(redis_clock.now)()
    await in_thread(playback.remove)(cast.cleo.pk, stream)
    await in_thread(Membership.objects.filter(user=cast.cleo).update)(left_at=clock.now())
    socket = await enter(stream, cast.cleo, issued=before, welcome=False)

    assert await socket.closed() == 4403
    assert socket.frames == []


async def test_who_left_and_came_back_comes_in_with_an_older_token(enter: Enter, cast: Cast, stream: Stream) -> None:
    before = await in_thread(redis_clock.now)()
    await in_thread(playback.leave)(cast.cleo.pk, stream)

    assert (await enter(stream, cast.cleo, issued=before)).hello["you"]["username"] == "Cleo"


async def test_somebody_whose_account_is_gone_does_not_stay(enter: Enter, cast: Cast, stream: Stream) -> None:
    socket = await enter(stream, cast.cleo, user_id=987_654_321, welcome=False)

    assert await socket.closed() == 4403


@pytest.mark.parametrize(
    "room_id", ["", "x", "room-", "room-UPPER123", "room-" + "a" * 5000, "room-abc%2e%2e", "a b"]
)
async def test_a_name_that_is_no_room_is_unknown(sockets: list[Socket], room_id: str) -> None:
    assert await refused_with(sockets, f"/room/{room_id}?token=x") == 4404


async def test_a_room_whose_stream_is_gone_is_unknown(enter: Enter, cast: Cast, stream: Stream) -> None:
    gone = Stream(room_id="room-gone12345678", group_session=cast.session)

    assert await (await enter(gone, cast.cleo, welcome=False)).closed() == 4404


async def test_the_token_may_come_as_a_subprotocol(sockets: list[Socket], cast: Cast, stream: Stream) -> None:
    token = await in_thread(room_token)(stream, cast.cleo)
    for offered, chosen in (
        (["ffc.chat", f"ffc.token.{token}"], "ffc.chat"),
        ([f"ffc.token.{token}"], f"ffc.token.{token}"),
    ):
        socket = Socket(f"/room/{stream.room_id}", subprotocols=offered)
        sockets.append(socket)
        await socket.open()
        assert socket.subprotocol == chosen
        assert (await socket.next("welcome"))["you"]["username"] == "Cleo"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "chat:frame:malformed"),
        ('{"type":"nope"}', "chat:frame:type"),
        ('{"type":"chat_message","message":{}}', "chat:frame:nested"),
        (json.dumps({"type": "chat_message", "message": "x" * (MESSAGE_CHARACTERS + 1)}), "chat:message:too-long"),
        (json.dumps({"type": "chat_message", "message": "\u202e\u200b\x00"}), "chat:message:empty"),
        (json.dumps({"type": "delete_message", "id": 2**63 - 1}), "chat:message:unknown"),
    ],
)
async def test_a_bad_frame_gets_its_code_and_the_room_goes_on(
    enter: Enter, cast: Cast, stream: Stream, frame: str, code: str
) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.send(frame)

    assert (await cleo.next("error"))["code"] == code
    await cleo.say("Still here")
    assert (await ben.next("chat_message"))["message"] == "Still here"


async def test_a_binary_frame_is_refused(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    await cleo.communicator.send_to(bytes_data=b"\x00\xff" * 100)

    assert (await cleo.next("error"))["code"] == "chat:frame:binary"


async def test_a_frame_that_is_too_big_ends_the_socket(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await cleo.say("x" * FRAME_BYTES)

    assert await cleo.closed() == 1009
    await ben.say("Go on")
    await ben.next("chat_message")


async def test_a_client_that_never_makes_sense_is_closed(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    for _ in range(12):
        await cleo.send("nonsense")

    assert await cleo.closed() == 4400


async def test_who_talks_too_fast_is_asked_to_wait(enter: Enter, cast: Cast, stream: Stream) -> None:
    one, two = await enter(stream, cast.cleo), await enter(stream, cast.cleo)

    for number in range(message_rate.BURST):
        await (one, two)[number % 2].say(f"{number}")
    for _ in range(message_rate.BURST):
        await one.next("chat_message")
    await two.say("one too many", client_id="late")

    refused = await two.next("error")
    assert (refused["code"], refused["client_id"]) == ("chat:rate:slow-down", "late")
    ben = await enter(stream, cast.ben)
    await ben.say("I am not Cleo")
    assert (await one.next("chat_message"))["username"] == "Ben"


async def test_a_flood_ends_the_socket_and_not_the_room(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    for _ in range(80):
        await cleo.send({"type": "ping"})

    assert await cleo.closed() == 4429
    await ben.say("Quiet again")
    await ben.next("chat_message")


async def test_an_array_is_no_way_around_the_quota(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    for _ in range(8):
        await cleo.send([{"type": "ping"}] * 8)

    assert await cleo.closed() == 4429

"""The playhead that a client sends counts within its class alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain import club_filter, held
from chat.errors import ProtocolError
from chat.frames import media_time
from chat.frames.registry import parse
from chat.frames.room import SendMessage
from chat.models import Room
from chat.threads import in_thread
from fitfriends.core import clock
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast, api_as
from tests.chat.conftest import Enter
from tests.streaming.factories import make_stream

START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=20)


@pytest.mark.parametrize(
    ("minutes", "counts"), [(-3, False), (-1, True), (0, True), (19, True), (21, True), (23, False)]
)
def test_only_the_class_counts(minutes: int, *, counts: bool) -> None:
    said = clock.to_ms(START + timedelta(minutes=minutes))
    assert media_time.bounded(said, started_at=START, at=NOW) == (said if counts else None)


def test_before_the_class_there_is_nothing_to_see() -> None:
    assert media_time.bounded(clock.to_ms(NOW), started_at=None, at=NOW) is None
    assert media_time.bounded(None, started_at=START, at=NOW) is None


@pytest.mark.parametrize("value", ["1772434801007", 1.5, True, -1, 2**63, [1]])
def test_anything_but_a_whole_number_is_refused(value: object) -> None:
    (fault,) = parse(json.dumps({"type": "chat_message", "message": "x", "media_time": value}))

    assert isinstance(fault, ProtocolError)


def test_it_may_be_missing_or_null() -> None:
    assert parse('{"type":"chat_message","message":"x"}') == [SendMessage(message="x")]
    assert parse('{"type":"chat_message","message":"x","media_time":null}') == [SendMessage(message="x")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.integration
async def test_what_the_sender_saw_comes_with_the_message(enter: Enter, cast: Cast, room: Room) -> None:
    cleo, ben = await enter(room.stream, cast.cleo), await enter(room.stream, cast.ben)
    seen = clock.to_ms(clock.now()) - 4000

    await cleo.say("Nice stretch", media_time=seen, client_id="a")
    said = await ben.next("chat_message")
    await cleo.say("Nothing plays here", media_time=None)
    await cleo.say("A clock of another year", media_time=1)

    assert said["media_time"] == seen
    assert [(await ben.next("chat_message"))["media_time"] for _ in range(2)] == [None, None]
    history = (await enter(room.stream, cast.cleo)).hello["history"]
    assert [message["media_time"] for message in history] == [seen, None, None]
    pages = in_thread(lambda: api_as(cast.cleo).get(f"/api/chat/rooms/{room.stream.room_id}/messages").json())
    assert (await pages())["messages"] == history
    await ben.send({"type": "delete_message", "id": said["id"]})
    await cleo.next("message_deleted")
    await cleo.send({"type": "resync", "after": 0})
    assert (await cleo.next("resynced"))["events"][0]["media_time"] == seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.integration
async def test_a_held_message_keeps_what_its_sender_saw(enter: Enter, cast: Cast, stream: Stream) -> None:
    await in_thread(lambda: club_filter.change(cast.club, actor=cast.ana, on_links="hold"))()
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    seen = clock.to_ms(clock.now()) - 4000

    await cleo.say("see example.com", media_time=seen)
    waits = await cleo.next("message_held")
    await in_thread(lambda: held.release(held.find(waits["id"]), actor=cast.ben))()

    assert (await ben.next("chat_message"))["media_time"] == seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.integration
async def test_a_media_time_that_is_none_is_refused_by_name(enter: Enter, cast: Cast) -> None:
    cleo = await enter(await in_thread(make_stream)(cast.session, State.SCHEDULED), cast.cleo)

    await cleo.say("Hi", media_time="now", client_id="a")
    refused = await cleo.next("error")
    await cleo.say("In the lobby nothing plays", media_time=clock.to_ms(clock.now()))

    assert (refused["code"], refused["client_id"]) == ("chat:frame:field", "a")
    assert (await cleo.next("chat_message"))["media_time"] is None

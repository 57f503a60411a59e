"""The hub by itself: order, gaps, repairs, other processes."""

import asyncio
import os
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connections, transaction

from chat.domain import broadcast, message_frames, posting, rooms
from chat.frames.room import ChatMessage
from chat.models import Room
from chat.realtime import housekeeping
from chat.realtime.hub import hub
from chat.threads import in_thread
from clubs.models import Membership
from fitfriends.core.redis import client
from streaming.enums import ClassRole
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter, Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


def store(room: Room, cast: Cast, text: str) -> ChatMessage:
    """A message whose note never leaves: as if Redis had lost it."""
    with transaction.atomic():
        posted = posting.post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=text)
        transaction.get_connection().run_on_commit.clear()
    return message_frames.of_message(posted.message)


async def test_notes_out_of_order_arrive_in_order(enter: Enter, cast: Cast, stream: Stream, room: Room) -> None:
    cleo = await enter(stream, cast.cleo)
    one, two, three = [await in_thread(store)(room, cast, text) for text in "abc"]

    for frame in (three, two, two, one, three):
        await in_thread(broadcast.event)(stream.room_id, frame)

    assert [(await cleo.next("chat_message"))["message"] for _ in range(3)] == ["a", "b", "c"]
    assert await cleo.quiet()


async def test_a_lost_note_is_fetched_when_the_next_one_shows_the_gap(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    cleo = await enter(stream, cast.cleo)
    await in_thread(store)(room, cast, "lost")

    await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="told")

    assert [(await cleo.next("chat_message"))["message"] for _ in range(2)] == ["lost", "told"]


async def test_a_lost_note_is_fetched_although_nothing_follows(
    enter: Enter, cast: Cast, stream: Stream, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "COMPARE_HEADS", 1)
    cleo = await enter(stream, cast.cleo)

    await in_thread(store)(room, cast, "lost")

    assert (await cleo.next("chat_message"))["message"] == "lost"


async def test_sending_again_does_not_overtake_what_is_on_its_way(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    """The answer to a second copy has a number: in its turn, or a reader would count past the ones before."""
    cleo = await enter(stream, cast.cleo)
    await in_thread(store)(room, cast, "lost")

    def lose() -> None:
        with transaction.atomic():
            posting.post(room, author=cast.cleo, role=ClassRole.MEMBER, text="mine", client_id="a")
            transaction.get_connection().run_on_commit.clear()

    await in_thread(lose)()
    await cleo.say("mine", client_id="a")

    assert [(await cleo.next("chat_message"))["seq"] for _ in range(2)] == [1, 2]
    await cleo.say("mine", client_id="a")
    assert (await cleo.next("chat_message"))["seq"] == 2


async def test_a_lost_change_of_state_is_noticed(
    enter: Enter, cast: Cast, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "COMPARE_HEADS", 1)
    cleo = await enter(stream, cast.cleo)

    await in_thread(Stream.objects.filter(pk=stream.pk).update)(title="New title")

    assert (await cleo.next("stream_state"))["stream"]["title"] == "New title"


async def test_a_lost_removal_is_noticed(
    enter: Enter, cast: Cast, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "RECHECK_RIGHTS", 1)
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    await in_thread(Membership.objects.filter(user=cast.cleo).delete)()

    assert await cleo.closed() == 4403
    assert ben.code is None


async def test_joining_a_loud_room_misses_and_repeats_nothing(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    async def talk() -> None:
        for number in range(60):
            await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=f"{number}")

    talking = asyncio.create_task(talk())
    readers: list[Socket] = []
    while not talking.done():
        readers.append(await enter(stream, cast.cleo))
    await talking

    for reader in readers:
        got = [message["seq"] for message in reader.hello["history"]]
        while not got or got[-1] < 60:
            got.append((await reader.next("chat_message"))["seq"])
        assert got == list(range(got[0], 61))


async def test_plain_threads_and_processes_are_heard(enter: Enter, cast: Cast, stream: Stream, room: Room) -> None:
    cleo = await enter(stream, cast.cleo)

    def talk() -> None:
        posting.post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="from a thread")
        connections.close_all()

    thread = threading.Thread(target=talk)
    thread.start()
    assert (await cleo.next("chat_message"))["message"] == "from a thread"
    thread.join()

    # As a Celery worker or a web worker does it: no event loop anywhere.
    program = (
        "import django; django.setup()\n"
        "from chat.domain import broadcast\n"
        f"broadcast.removed({stream.room_id!r}, {cast.cleo.pk})"
    )
    began = time.monotonic()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "fitfriends.settings.test"}
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program], check=True, env=environment, timeout=60)
    assert await cleo.closed() == 4403
    assert time.monotonic() - began < 30


def _cut(kind: str) -> None:
    """Every line of this kind to our own database: on the same server, other tests that run now have theirs."""
    redis = client()
    own = redis.client_info()
    for line in redis.client_list(_type=kind):
        if int(line["db"]) == int(own["db"]) and int(line["id"]) != int(own["id"]):
            redis.client_kill_filter(_id=line["id"])


async def test_losing_redis_for_a_moment_loses_no_message(
    enter: Enter, cast: Cast, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "COMPARE_HEADS", 2)
    cleo = await enter(room.stream, cast.cleo)
    post = in_thread(posting.post)

    for kind in ("pubsub", "normal"):
        await in_thread(_cut)(kind)
        await post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=kind)

    assert [(await cleo.next("chat_message", within=10))["message"] for _ in range(2)] == ["pubsub", "normal"]
    monkeypatch.setattr(housekeeping, "COMPARE_HEADS", 1000)
    await post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="told again")
    assert (await cleo.next("chat_message"))["message"] == "told again"


async def test_a_note_that_makes_no_sense_does_not_silence_the_rooms(
    enter: Enter, cast: Cast, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    cleo = await enter(room.stream, cast.cleo)

    await in_thread(broadcast._publish)({"type": "hub", "kind": "event", "room": room.stream.room_id})  # type: ignore[typeddict-item]
    await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="heard")

    assert (await cleo.next("chat_message"))["message"] == "heard"
    assert "starts again" in caplog.text


async def test_an_empty_room_is_forgotten_and_comes_back(
    enter: Enter, cast: Cast, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "FORGET_EMPTY_SECONDS", 0.0)
    cleo = await enter(stream, cast.cleo)
    await cleo.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    async with asyncio.timeout(5):
        while stream.room_id in hub().rooms:  # noqa: ASYNC110 -- the hub forgets without telling
            await asyncio.sleep(0.05)

    again = await enter(stream, cast.cleo)
    await again.say("Back")

    assert (await again.next("chat_message"))["message"] == "Back"


def test_the_number_is_taken_inside_a_transaction(room: Room) -> None:
    with pytest.raises(RuntimeError):
        rooms.next_seq(room)


def test_notes_take_the_form_that_the_channel_layer_reads() -> None:
    """broadcast.py publishes past the layer's own method: another layer needs another _publish."""
    assert settings.CHANNEL_LAYERS["default"]["BACKEND"] == "channels_redis.pubsub.RedisPubSubChannelLayer"

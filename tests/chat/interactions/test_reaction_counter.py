"""Reactions and cheers: counted in each process, told once a second by each, kept as counts."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.db import DatabaseError

from chat.domain.participants import Participant
from chat.interactions import polls, reactions, state
from chat.interactions.snapshot import load_many
from chat.models import ReactionCount, Room
from chat.realtime.connection import Connection
from chat.realtime.hub import RoomHub, hub
from chat.realtime.room import HubRoom
from chat.threads import in_thread
from fitfriends.core import clock
from fitfriends.core.frames import plain
from streaming.models import Stream
from tests.cast import Cast, api_as
from tests.chat.conftest import Enter, Frame, Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


class Elsewhere:
    """A second hub with its own channel stands for another process: all it hears comes through Redis."""

    def __init__(self) -> None:
        self.hub = RoomHub()
        self.told: list[Frame] = []

    async def enter(self, stream: Stream, user_id: int, name: str) -> tuple[HubRoom, Connection]:
        async def send(event: Any) -> None:
            found = json.loads(event.get("text", "[]"))
            self.told.extend(found if isinstance(found, list) else [found])

        participant = Participant(stream.room_id, user_id, name, "member", runs=False)
        connection = Connection(participant, send, give_up=lambda _: None)
        room = await self.hub.enter(connection)
        await room.interactions.ready()
        room.admit(connection, await room.snapshot())
        return room, connection

    async def heard(self, kind: str) -> list[Frame]:
        async with asyncio.timeout(5):
            while not (found := [frame for frame in self.told if frame["type"] == kind]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return found


@pytest.fixture
async def elsewhere(sockets: list[Socket]) -> AsyncIterator[Elsewhere]:
    made = Elsewhere()
    yield made
    await made.hub.close()


async def total(socket: Socket, wanted: Counter[str]) -> list[Frame]:
    """The frames that bring this many of each kind, and no more."""
    frames: list[Frame] = []
    counted: Counter[str] = Counter()
    while counted != wanted:
        frames.append(await socket.next("reactions"))
        counted.update(frames[-1]["counts"])
        assert counted <= wanted
    return frames


async def saved(kinds: int) -> list[ReactionCount]:
    """The rows, once there are so many."""

    def rows() -> list[ReactionCount]:
        return list(ReactionCount.objects.order_by("second", "kind"))

    async with asyncio.timeout(5):
        while len(found := await in_thread(rows)()) < kinds:  # noqa: ASYNC110 -- the database tells nobody
            await asyncio.sleep(0.05)
    return found


async def test_taps_of_many_are_one_frame_a_second_and_one_row_a_kind(
    enter: Enter, cast: Cast, stream: Stream
) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)

    began = time.monotonic()
    for _ in range(6):
        await cleo.send({"type": "react", "reaction": "flame"})
        await ben.send({"type": "react", "reaction": "clap"})

    for reader in (cleo, ben):
        assert len(await total(reader, Counter(flame=6, clap=6))) <= 2 + time.monotonic() - began
    found = await saved(2)
    assert sum(row.count for row in found) >= 6
    assert {(row.kind, row.second) for row in found} == {("flame", 0), ("clap", 0)}
    assert await cleo.quiet("reactions", seconds=1.2)


async def test_two_processes_merge_what_their_members_show(
    enter: Enter, cast: Cast, stream: Stream, elsewhere: Elsewhere
) -> None:
    cleo = await enter(stream, cast.cleo)
    room, connection = await elsewhere.enter(stream, cast.ben.pk, "Ben")
    assert room is not hub().rooms[stream.room_id]

    await cleo.send({"type": "react", "reaction": "heart"})
    for _ in range(3):
        room.interactions.reactions.react(connection.participant, "heart", None)

    await total(cleo, Counter(heart=4))
    there: Counter[str] = Counter()
    async with asyncio.timeout(5):
        while there != Counter(heart=4):
            there = Counter()
            for frame in await elsewhere.heard("reactions"):
                there.update(frame["counts"])
            await asyncio.sleep(0.02)
    async with asyncio.timeout(5):
        while [row.count for row in await saved(1)] != [4]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_what_the_database_does_not_take_is_kept_until_it_does(
    enter: Enter, cast: Cast, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = asyncio.Event()

    async def away(room_id: str, counts: Counter[tuple[str, int]]) -> None:
        refused.set()
        raise DatabaseError(f"{room_id} keeps {counts} for later")

    cleo = await enter(stream, cast.cleo)
    with monkeypatch.context() as outage:
        outage.setattr("chat.interactions.reaction_counter._save", away)
        await cleo.send({"type": "react", "reaction": "clap"})
        async with asyncio.timeout(5):
            await refused.wait()

    await cleo.send({"type": "react", "reaction": "clap"})
    await total(cleo, Counter(clap=2))
    async with asyncio.timeout(5):
        while [row.count for row in await saved(1)] != [2]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_the_moment_of_the_class_is_kept_when_it_is_one(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)
    now = clock.to_ms(clock.now())

    for moment in (now, now - 24 * 3600 * 1000, now + 3600 * 1000, None):
        await cleo.send({"type": "react", "reaction": "muscle", "media_time": moment})
    await total(cleo, Counter(muscle=4))

    assert [(row.second, row.count) for row in await saved(2)] == [(0, 3), (now // 1000, 1)]
    reply = await in_thread(lambda: api_as(cast.cleo).get(f"/api/chat/rooms/{stream.room_id}/reactions").json())()
    assert reply["reactions"] == [
        {"reaction": "muscle", "second": None, "count": 3},
        {"reaction": "muscle", "second": now // 1000, "count": 1},
    ]


async def test_one_person_shows_so_much_over_all_sockets(enter: Enter, cast: Cast, stream: Stream) -> None:
    one, two = await enter(stream, cast.cleo), await enter(stream, cast.cleo)

    for socket in (one, two):
        for _ in range(25):
            await socket.send({"type": "react", "reaction": "smile"})
        assert (await socket.next("error"))["code"] == "chat:rate:slow-down"

    assert one.code is two.code is None


async def test_a_cheer_is_quiet_for_all_and_clear_for_one(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben, ana = [await enter(stream, cast.people[name]) for name in ("cleo", "ben", "ana")]

    for _ in range(2):
        await cleo.send({"type": "cheer", "user_id": cast.ben.pk})

    assert await ben.next("cheers_for_you") == {"type": "cheers_for_you", "names": ["Cleo"], "count": 1}
    frame = await ana.next("reactions")
    assert frame["cheers"] == [
        {"user_id": cast.cleo.pk, "username": "Cleo", "to_user_id": cast.ben.pk, "to_username": "Ben"}
    ]
    assert frame["counts"].keys() == {"high_five"}
    assert await ana.quiet("cheers_for_you")


async def test_whom_one_may_not_cheer(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo = await enter(stream, cast.cleo)

    for user_id, code in ((cast.cleo.pk, "chat:cheer:yourself"), (cast.dov.pk, "chat:person:unknown")):
        await cleo.send({"type": "cheer", "user_id": user_id})
        assert (await cleo.next("error"))["code"] == code
    for _ in range(3):
        await cleo.send({"type": "cheer", "user_id": cast.ben.pk})
    assert (await cleo.next("error"))["code"] == "chat:rate:slow-down"


async def test_other_processes_and_a_return_see_what_a_fresh_reader_sees(
    enter: Enter, cast: Cast, stream: Stream, room: Room, elsewhere: Elsewhere
) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    there, connection = await elsewhere.enter(stream, cast.ana.pk, "Ana")
    shown = beside(cleo)

    await ben.send({"type": "open_poll", "question": "Next?", "options": ["A", "B"]})
    await ben.next("poll")
    await cleo.send({"type": "ask", "question": "Do I need a mat?"})
    await cleo.send({"type": "raise_hand"})
    await cleo.next("question_asked")
    poll = (await in_thread(polls.of_room)(room))[0]
    await cleo.send({"type": "vote", "id": poll.id, "option": 1})
    await cleo.next("voted")
    async with asyncio.timeout(10):
        while True:
            fresh = beside(await enter(stream, cast.cleo))
            if fresh["poll"] and fresh["poll"]["voters"] and fresh["questions"] and fresh["hand_up"]:
                break
    for kind in ("poll", "questions", "hands"):
        while shown | {name: fresh[name] for name in _PARTS[kind]} != shown:
            shown |= {name: value for name, value in (await cleo.next(kind)).items() if name != "type"}

    assert shown == fresh
    async with asyncio.timeout(5):
        while any(fresh[name] != value for name, value in plain(there.interactions.for_all).items()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert there.interactions.hand_of(connection.participant) is False


def beside(socket: Socket) -> Frame:
    """What the welcome said of all this."""
    own = {name: socket.hello[name] for name in ("hand_up", "people_with_hands")}
    return {**socket.hello["floor"], **own}


_PARTS = {
    "poll": ("poll",),
    "questions": ("questions", "open_questions"),
    "hands": ("hands", "hand_up", "people_with_hands"),
}


async def test_a_lost_note_is_made_up_for(
    enter: Enter, cast: Cast, stream: Stream, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleo = await enter(stream, cast.cleo)
    with monkeypatch.context() as lost:
        lost.setattr("chat.domain.broadcast._publish", lambda _: None)
        await in_thread(polls.start)(room, actor=cast.ben, question="Heard?", options=["Yes", "No"])
    assert await cleo.quiet("poll", seconds=0.3)

    interactions = hub().rooms[stream.room_id].interactions
    found = (await in_thread(load_many)([stream.room_id]))[stream.room_id]
    interactions.compare(found, looks=interactions.looks - 1)  # a look that began meanwhile knows better
    assert await cleo.quiet("poll", seconds=0.3)
    interactions.compare(found, looks=interactions.looks)

    assert (await cleo.next("poll"))["poll"]["question"] == "Heard?"
    assert state.LOOK_SECONDS == 1.0


def test_pages_of_reactions_hold_whole_seconds(cast: Cast, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "PAGE", 3)
    room_id = room.stream.room_id
    counts = {(kind, second): 1 for kind in ("clap", "flame") for second in (100, 101, 102)}
    for _ in range(2):
        reactions.add(room_id, counts)

    pages: list[list[int]] = []
    after: int | None = None
    while True:
        page = reactions.page(room, after=after)
        pages.append([row.second for row in page.counts])
        assert {row.count for row in page.counts} == {2}
        after = page.next_after
        if after is None:
            break

    assert pages == [[100, 100], [101, 101], [102, 102]]
    reactions.add("room-unknown12345", counts)

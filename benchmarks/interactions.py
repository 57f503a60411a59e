"""A room of a thousand beside the talk: everybody votes at once, everybody taps; one process, PostgreSQL and Redis.

Commands go through the same functions as a socket's (commands.obey), members write to nowhere: this is what the
room does, not what a server does with frames.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks import harness
from tests import services

if TYPE_CHECKING:  # Django is set up by _measure()
    from chat.realtime.connection import AsgiEvent, Connection
    from chat.realtime.room import HubRoom

PEOPLE = 1000
TAPS_EACH = 10


@dataclass
class Cost:
    wall: float = 0.0
    cpu: float = 0.0
    frames: Counter[str] = field(default_factory=Counter)  # to the first member


def main() -> None:
    running = services.start()
    try:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "fitfriends.settings.demo",
            "REDIS_URL": f"{running.redis_url}/0",
            "DATABASE_URL": running.database_url,
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        room_id, people = _people()
        asyncio.run(_measure(room_id, people))
    finally:
        running.stop()


def _people() -> tuple[str, list[int]]:
    from accounts.models import User
    from chat.domain import rooms
    from chat.interactions import polls
    from clubs.models import Membership
    from streaming.enums import State
    from tests import cast
    from tests.streaming.factories import make_stream

    owner = cast.make_user("Ana")
    club = cast.make_club(owner)
    stream = make_stream(cast.make_session(club, owner), State.LIVE)
    people = User.objects.bulk_create(
        User(email=f"member{number}@example.com", display_name=f"Member {number}") for number in range(PEOPLE)
    )
    Membership.objects.bulk_create(Membership(club=club, user=person) for person in people)
    room = rooms.find(stream.room_id)
    polls.start(room, actor=owner, question="What next?", options=["Squats", "Planks"])
    return stream.room_id, [person.pk for person in people]


async def _measure(room_id: str, people: list[int]) -> None:
    from chat.domain.participants import Participant
    from chat.enums import Reaction
    from chat.frames.interactions import CastVote, React
    from chat.realtime import commands
    from chat.realtime.connection import Connection
    from chat.realtime.hub import hub

    frames: Counter[str] = Counter()

    async def told(event: AsgiEvent) -> None:
        found = json.loads(event.get("text", "[]"))
        frames.update(frame["type"] for frame in (found if isinstance(found, list) else [found]))

    async def untold(_: AsgiEvent) -> None:
        return

    members = []
    for number, user_id in enumerate(people):
        participant = Participant(room_id, user_id, f"Member {number}", "member", runs=False)
        members.append(Connection(participant, untold if number else told, give_up=lambda _: None))
    room = await _entered(members)
    poll = room.interactions.for_all.poll
    if poll is None:
        raise RuntimeError("The poll is not there.")
    number = poll.id

    async def counted() -> bool:
        return (room.interactions.for_all.poll or poll).voters == PEOPLE

    with _cost(frames) as votes:
        await asyncio.gather(
            *(commands.run(room, one, CastVote(id=number, option=n % 2)) for n, one in enumerate(members))
        )
        await _until(counted)
    with _cost(frames) as taps:
        for _ in range(TAPS_EACH):
            for one in members:
                await commands.run(room, one, React(reaction=Reaction.FLAME))
        await _until(_saved)
    _report(votes, taps)
    await hub().close()


async def _entered(members: list[Connection]) -> HubRoom:
    from chat.realtime.hub import hub

    for member in members:
        room = await hub().enter(member)
        await room.interactions.ready()
        room.admit(member, await room.snapshot())
    return room


def _report(votes: Cost, taps: Cost) -> None:
    total = PEOPLE * TAPS_EACH
    rows = [
        harness.Row("votes", PEOPLE / votes.wall, 0, 0, 0, PEOPLE / votes.cpu),
        harness.Row("reactions", total / taps.wall, 0, 0, 0, total / taps.cpu),
    ]
    found = {
        "seconds until a thousand votes are counted and told": harness.judged(votes.wall, 5, more_is_better=False),
        "frames of the poll to a member meanwhile": f"{votes.frames['poll']}",
        "frames of reactions to a member, for ten thousand": f"{taps.frames['reactions']} in {taps.wall:.1f} s",
    }
    harness.report("floor", rows, found)


@contextmanager
def _cost(frames: Counter[str]) -> Iterator[Cost]:
    """Of this process; the database is another."""
    # A full collection takes 0.15 s here, twice what the votes do, and which code it falls on is chance.
    gc.collect()
    gc.freeze()
    cost, began, used = Cost(), time.perf_counter(), time.process_time()
    frames.clear()
    yield cost
    cost.wall, cost.cpu = time.perf_counter() - began, time.process_time() - used
    cost.frames = Counter(frames)


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await is_so():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.02)


async def _saved() -> bool:
    from django.db.models import Sum

    from chat.models import ReactionCount
    from chat.threads import in_thread

    def kept() -> int:
        return ReactionCount.objects.aggregate(total=Sum("count"))["total"] or 0

    return await in_thread(kept)() == PEOPLE * TAPS_EACH


if __name__ == "__main__":
    main()

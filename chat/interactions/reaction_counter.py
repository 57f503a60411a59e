"""Counts the reactions and cheers of one room in this process.

They are told to the other processes and to our readers once a second, and stored as counts.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable

from django.db import DatabaseError

from chat.domain import broadcast
from chat.domain.broadcast import ReactionsNote
from chat.domain.participants import Participant
from chat.enums import Reaction
from chat.errors import SlowDown
from chat.frames.interactions import Cheered, CheersForYou, Reactions
from chat.frames.outgoing import Outgoing
from chat.frames.room import PersonFrame
from chat.interactions import handlers, reactions
from chat.interactions.listener import Listener
from chat.threads import in_thread
from fitfriends.core.bucket import Bucket
from fitfriends.core.frames import as_field

log = logging.getLogger(__name__)

# Of one person in this process, over all their sockets: at once, and a second in the long run.
REACTIONS_AT_ONCE, REACTIONS_A_SECOND = 12, 4
CHEERS_AT_ONCE, CHEERS_A_SECOND = 3, 0.2
CHEERS_NAMED = 5  # in one frame to all
CHEERS_A_NOTE = 40
GATHER_SECONDS = 0.2  # the first of a burst waits for its neighbours
SECOND = 1.0
PERSON_SECONDS = 60.0  # so long who was cheered is known to belong here

_cheered = in_thread(handlers.cheered)
_publish = in_thread(broadcast.reactions)
_save = in_thread(reactions.add)


class ReactionCounter:
    def __init__(self, room_id: str, connections: Callable[[], Iterable[Listener]]) -> None:
        self._room_id = room_id
        self._connections = connections
        self._counts: Counter[str] = Counter()
        self._unsaved: Counter[tuple[str, int]] = Counter()
        self._cheers: dict[tuple[int, int], Cheered] = {}
        self._heard: Counter[str] = Counter()
        self._heard_cheers: dict[tuple[int, int], Cheered] = {}
        self._reacting: dict[int, Bucket] = {}
        self._cheering: dict[int, Bucket] = {}
        self._people: dict[int, tuple[PersonFrame, float]] = {}
        self._sending: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None

    def react(self, participant: Participant, kind: str, media_time: int | None) -> None:
        """Counts a reaction. Raises SlowDown."""
        allowed = self._reacting.setdefault(participant.user_id, Bucket(REACTIONS_AT_ONCE, REACTIONS_A_SECOND))
        if not allowed.take():
            raise SlowDown(retry_after=1)
        self._count(kind, media_time)

    async def cheer(self, participant: Participant, user_id: int, media_time: int | None) -> None:
        """Counts a high five for one person. Raises SlowDown or NoSuchPerson."""
        allowed = self._cheering.setdefault(participant.user_id, Bucket(CHEERS_AT_ONCE, CHEERS_A_SECOND))
        if not allowed.take():
            raise SlowDown(retry_after=round(1 / CHEERS_A_SECOND))
        person = await self._person(participant, user_id)
        if len(self._cheers) < CHEERS_A_NOTE:
            self._cheers[participant.user_id, user_id] = Cheered(
                user_id=participant.user_id,
                username=participant.username,
                to_user_id=user_id,
                to_username=person.username,
            )
        self._count(Reaction.HIGH_FIVE.value, media_time)

    def hear(self, note: ReactionsNote) -> None:
        """Takes what a process counted, this one included."""
        self._heard.update(note["counts"])
        for cheer in as_field(note["cheers"], list[Cheered]):
            self._heard_cheers[cheer.user_id, cheer.to_user_id] = cheer
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    def stop(self) -> None:
        for task in (self._sending, self._telling):
            if task:
                task.cancel()

    async def _person(self, participant: Participant, user_id: int) -> PersonFrame:
        now = asyncio.get_running_loop().time()
        known = self._people.get(user_id)
        if known is None or now - known[1] > PERSON_SECONDS:
            known = self._people[user_id] = (await _cheered(participant, user_id), now)
        return known[0]

    def _count(self, kind: str, media_time: int | None) -> None:
        self._counts[kind] += 1
        self._unsaved[kind, reactions.UNKNOWN_SECOND if media_time is None else media_time // 1000] += 1
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        """Publishes and stores once a second, while there is something."""
        try:
            while self._counts or self._unsaved:
                await asyncio.sleep(GATHER_SECONDS)
                counts, self._counts = self._counts, Counter()
                cheers, self._cheers = list(self._cheers.values()), {}
                if counts:
                    await _publish(self._room_id, counts, cheers)
                await self._keep()
                await asyncio.sleep(SECOND - GATHER_SECONDS)
        finally:
            self._sending = None

    async def _keep(self) -> None:
        unsaved, self._unsaved = self._unsaved, Counter()
        try:
            await _save(self._room_id, unsaved)
        except DatabaseError:
            log.warning("Reactions in %s are not kept yet.", self._room_id, exc_info=True)
            self._unsaved.update(unsaved)

    async def _tell(self) -> None:
        """Tells our readers at most once a second, whatever the number of processes."""
        try:
            while self._heard:
                counts, self._heard = self._heard, Counter()
                cheers, self._heard_cheers = list(self._heard_cheers.values()), {}
                self._offer(counts, cheers)
                await asyncio.sleep(SECOND)
        finally:
            self._telling = None

    def _offer(self, counts: Counter[str], cheers: list[Cheered]) -> None:
        named = cheers[:CHEERS_NAMED]
        more = len(cheers) - len(named)
        frame = Outgoing.of(Reactions(counts=dict(counts), cheers=named, more=more))
        for_one: dict[int, list[str]] = {}
        for cheer in cheers:
            for_one.setdefault(cheer.to_user_id, []).append(cheer.username)
        for connection in self._connections():
            connection.offer(frame)
            names = for_one.get(connection.participant.user_id)
            if names:
                connection.say(CheersForYou(names=names[:CHEERS_NAMED], count=len(names)))

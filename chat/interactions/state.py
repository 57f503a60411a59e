"""The interactions of one room as this process knows them, and what its readers are told when they change."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import redis
from django.db import DatabaseError

from chat.domain.broadcast import InteractionsPart
from chat.domain.participants import Participant
from chat.frames.interactions import Hand, HandsChanged, InteractionsFrame, PollChanged, QuestionsChanged
from chat.frames.outgoing import Outgoing
from chat.interactions import handlers, snapshot
from chat.interactions.listener import Listener
from chat.interactions.reaction_counter import ReactionCounter
from chat.interactions.snapshot import PARTS, InteractionsSnapshot
from chat.interactions.vote_batches import VoteBatches
from chat.threads import in_thread
from streaming.enums import ClassRole

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # each part is looked up and told at most this often, however many vote
_load = in_thread(snapshot.load)
_count_votes = in_thread(handlers.count_votes)
_count_question_votes = in_thread(handlers.count_question_votes)


def moderates(participant: Participant) -> bool:
    return ClassRole(participant.role).moderates


class InteractionsState:
    """A copy of what database and Redis say. A note names the part that changed, and this class looks the whole part
    up and tells it, so that the next look makes up for a lost note.

    `connections`: those that had a welcome; it brought them what was known then.
    """

    def __init__(self, room_id: str, connections: Callable[[], Iterable[Listener]]) -> None:
        self.room_id = room_id
        self.reactions = ReactionCounter(room_id, connections)
        self.votes = VoteBatches(room_id, _count_votes)
        self.question_votes = VoteBatches(room_id, _count_question_votes)
        self.looks = 0  # begun so far: what was loaded before another look began may be older than what is known
        self.for_all = _for_all(InteractionsSnapshot())  # the same object until something changes
        self._connections = connections
        self._known: InteractionsSnapshot | None = None
        self._stale: set[InteractionsPart] = set()
        self._looking: asyncio.Task[None] | None = None
        self._one_by_one = asyncio.Lock()  # a look that began earlier never overwrites a later one

    async def ready(self) -> None:
        """Loads the state before a welcome is written. Those who join at once share one look.

        Raises DatabaseError or RedisError.
        """
        if self._known is None:
            async with self._one_by_one:
                if self._known is None:
                    self._take(await self._loaded(PARTS), PARTS)

    def look(self, *parts: InteractionsPart) -> None:
        """Looks these parts up, at once and then at most once in LOOK_SECONDS."""
        self._stale.update(parts)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())

    def left(self, participant: Participant) -> None:
        """Call it when a socket is gone and presence knows it: a hand may be down now."""
        if self.hand_of(participant):
            self.look("hands")

    def compare(self, found: InteractionsSnapshot, *, looks: int) -> None:
        """Takes what was loaded for many rooms at once, unless a look has begun since `looks`."""
        if self._known is not None and looks == self.looks and not self._one_by_one.locked():
            self._take(found, PARTS)

    def hand_of(self, participant: Participant) -> bool:
        return participant.user_id in self._hands

    def hands_for(self, participant: Participant) -> Sequence[Hand]:
        """Whose hands are up: for moderators alone."""
        return self._known.people if self._known and moderates(participant) else ()

    def stop(self) -> None:
        if self._looking:
            self._looking.cancel()
        for part in (self.reactions, self.votes, self.question_votes):
            part.stop()

    async def _look(self) -> None:
        try:
            while self._stale:
                parts = frozenset(self._stale)
                self._stale.clear()
                async with self._one_by_one:
                    self._take(await self._loaded(parts), parts)
                await asyncio.sleep(LOOK_SECONDS)
        except (DatabaseError, redis.RedisError):
            log.warning("The interactions of %s were not looked up.", self.room_id, exc_info=True)
        finally:
            self._looking = None

    async def _loaded(self, parts: Collection[InteractionsPart]) -> InteractionsSnapshot:
        self.looks += 1
        return await _load(self.room_id, parts)

    def _take(self, found: InteractionsSnapshot, parts: Collection[InteractionsPart]) -> None:
        before = self._known
        now = before or InteractionsSnapshot()
        if "poll" in parts:
            now = replace(now, poll=found.poll)
        if "questions" in parts:
            now = replace(now, questions=found.questions)
        if "hands" in parts:
            now = replace(now, hands=found.hands, people=found.people)
        self._known = now
        if before is None or before != now:
            self.for_all = _for_all(now)
        if before is None:
            return  # stands in every welcome
        if before.poll != now.poll:
            self._tell_all(Outgoing.of(PollChanged(poll=now.poll)))
        if before.questions != now.questions:
            shown, count = now.questions.shown, now.questions.open_count
            self._tell_all(Outgoing.of(QuestionsChanged(questions=shown, open_questions=count)))
        if (before.hands, before.people) != (now.hands, now.people):
            self._tell_hands()

    def _tell_all(self, frame: Outgoing) -> None:
        for connection in self._connections():
            connection.offer(frame)

    def _tell_hands(self) -> None:
        """Everybody is told how many hands are up, moderators also whose."""
        frames: dict[tuple[bool, bool], Outgoing] = {}
        for connection in self._connections():
            participant = connection.participant
            kind = (moderates(participant), self.hand_of(participant))
            if kind not in frames:
                frames[kind] = Outgoing.of(
                    HandsChanged(
                        hands=len(self._hands),
                        hand_up=self.hand_of(participant),
                        people_with_hands=self.hands_for(participant),
                    )
                )
            connection.offer(frames[kind])

    @property
    def _hands(self) -> Mapping[int, int]:
        return (self._known.hands if self._known else None) or {}


def _for_all(known: InteractionsSnapshot) -> InteractionsFrame:
    return InteractionsFrame(
        poll=known.poll,
        questions=known.questions.shown,
        open_questions=known.questions.open_count,
        hands=len(known.hands or {}),
    )

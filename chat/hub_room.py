"""One room in this process: who is here, which number they have, and what waits for its predecessor."""

import asyncio
import logging
from collections.abc import Iterator

from django.db import DatabaseError

from chat import handlers
from chat.crossing import crossing
from chat.desk import Desk
from chat.domain.messages import Missed
from chat.errors import NoSuchRoom
from chat.handlers import Conduct, Head, RoomState, Snapshot
from chat.member import Member
from chat.protocol import Close, Person, Presence, Welcome, encode, joined
from fitfriends.core import clock

log = logging.getLogger(__name__)

# How long a frame waits for one with a lower number that went another way.
GAP_SECONDS = 0.3
SNAPSHOT_SECONDS = 5.0
_load_snapshot = crossing(handlers.load_snapshot)
_load_missed = crossing(handlers.load_missed)
_load_heads = crossing(handlers.load_heads)


class HubRoom:
    """Every reader gets each number once and in order, whatever the order and number of copies that arrive.

    A joining member is held back until its welcome; then it gets what came since, without gap or repetition.
    """

    def __init__(self, room_id: str) -> None:
        self.room_id = room_id
        self.members: set[Member] = set()
        self.seq: int | None = None  # delivered up to here; None until the first snapshot
        self.state: RoomState | None = None
        self.desk = Desk()
        self.presence: Presence | None = None
        self.presence_stale = True
        self.moved = False  # somebody came or went here: other processes do not know yet
        self.people: dict[int, Person] = {}  # what those present are called
        self.empty_since = 0.0
        self._joining: dict[Member, list[tuple[int | None, str]]] = {}
        self._waiting: dict[int, str] = {}
        self._repairing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._loading: asyncio.Task[Snapshot] | None = None
        self._loaded: tuple[Snapshot, float] | None = None

    def __iter__(self) -> Iterator[Member]:
        yield from list(self.members)
        yield from list(self._joining)

    @property
    def empty(self) -> bool:
        return not self.members and not self._joining

    # --- coming and going ------------------------------------------------------------------------------------
    def join(self, member: Member) -> None:
        """From here on nothing is missed; `admit` or `leave` follows."""
        self._joining[member] = []

    def admit(self, member: Member, snapshot: Snapshot) -> None:
        held = self._joining.pop(member, None)
        if held is None:
            return  # left while the snapshot was on its way
        member.after = snapshot.seq
        member.say(self._welcome(member, snapshot))
        for frame in self.desk.greeting(member.visitor):
            member.say(frame)
        self.members.add(member)
        for seq, text in held:
            if seq is None or seq > member.after:
                member.offer(text)
        self._move()

    def leave(self, member: Member) -> None:
        self.members.discard(member)
        self._joining.pop(member, None)
        self._move()
        if self.empty:
            self.empty_since = asyncio.get_running_loop().time()

    def _move(self) -> None:
        self.presence_stale = self.moved = True

    def catch_up(self, member: Member, missed: Missed) -> None:
        """Answers a resync; what the answer holds does not come again as a frame."""
        member.after = max(member.after, missed.seq)
        member.say({"type": "resynced", "events": missed.events, "seq": missed.seq, "fresh": missed.fresh})

    def has_person(self, user_id: int) -> bool:
        return any(member.visitor.user_id == user_id for member in self)

    def remove_person(self, user_id: int) -> None:
        for member in self:
            if member.visitor.user_id == user_id:
                member.close(Close.FORBIDDEN)

    # --- snapshots -------------------------------------------------------------------------------------------
    async def snapshot(self) -> Snapshot:
        """What a fresh reader gets, not older than this call. Joiners of one moment share one look.

        Raises NoSuchRoom.
        """
        needed = self.seq or 0
        while True:
            if self._loaded and self._is_current(*self._loaded):
                return self._loaded[0]
            if self._loading is None:
                self._loading = asyncio.create_task(self._load())
            # Shielded: the one who leaves must not take the snapshot from those who wait with it.
            snapshot = await asyncio.shield(self._loading)
            if snapshot.seq >= needed:
                return snapshot

    def _is_current(self, snapshot: Snapshot, loaded_at: float) -> bool:
        age = asyncio.get_running_loop().time() - loaded_at
        return snapshot.seq == self.seq and age < SNAPSHOT_SECONDS

    async def _load(self) -> Snapshot:
        try:
            began = asyncio.get_running_loop().time()
            snapshot = await _load_snapshot(self.room_id)
            self._loaded = (snapshot, began)
            if self.seq is None:
                self.seq = snapshot.seq
                self._flush()
            if self.state is None:
                self.state = snapshot.state
                self.take_conduct(snapshot.conduct)
            return snapshot
        finally:
            self._loading = None

    # --- frames ----------------------------------------------------------------------------------------------
    def take_event(self, seq: int, text: str) -> None:
        if self.seq is not None and seq <= self.seq:
            return
        self._waiting[seq] = text
        self._flush()
        if self.seq is not None and self._waiting:
            self._repair_soon(GAP_SECONDS)

    def take_head(self, head: Head) -> None:
        """Where the room stands in the database: repairs what got lost on the way here."""
        self.take_state(head.state)
        self.take_conduct(head.conduct)
        if self.seq is not None and head.seq > self.seq:
            self._repair_soon(GAP_SECONDS)
        if head.state.over:
            for member in self:
                member.close(Close.UNKNOWN_ROOM)

    def look(self) -> None:
        """Something about the stream changed: looks it up. Several changes at once are one look more."""
        self._look_again = True
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        try:
            while self._look_again:
                self._look_again = False
                head = (await _load_heads([self.room_id])).get(self.room_id)
                if head:
                    self.take_head(head)
        except DatabaseError:
            log.warning("The state of %s was not looked up.", self.room_id, exc_info=True)
        finally:
            self._looking = None

    def take_state(self, state: RoomState) -> None:
        if state == self.state:
            return
        self.state = state
        self._loaded = None
        member_text = encode({"type": "stream_state", "stream": state.member})
        staff_text = encode({"type": "stream_state", "stream": state.staff})
        for member in self:
            self._offer(member, None, staff_text if member.visitor.runs else member_text)

    def take_conduct(self, conduct: Conduct) -> None:
        change = self.desk.learn(conduct)
        if change is None:
            return
        self._loaded = None
        texts = [encode(frame) for frame in change.for_all]
        for member in self:
            for text in [*texts, *map(encode, change.for_person(member.visitor))]:
                self._offer(member, None, text)

    def tell_person(self, user_id: int, text: str) -> None:
        for member in self:
            if member.visitor.user_id == user_id:
                self._offer(member, None, text)

    def take_presence(self, presence: Presence) -> None:
        if presence == self.presence:
            return
        self.presence = presence
        text = encode(presence)
        for member in self.members:  # the welcome brings a joining member the count
            member.offer(text)

    def _flush(self, known: int = 0) -> None:
        """Delivers what is next in line, several at once as one array. A number up to `known` need not exist."""
        if self.seq is None:
            return
        ready: list[tuple[int, str]] = []
        for seq in [seq for seq in self._waiting if seq <= self.seq]:
            del self._waiting[seq]
        while self.seq < known or self.seq + 1 in self._waiting:
            self.seq += 1
            found = self._waiting.pop(self.seq, None)
            if found is not None:
                ready.append((self.seq, found))
        if not ready:
            return
        text = joined([text for _, text in ready])
        first = ready[0][0]
        for member in list(self.members):
            if member.after < first:
                member.offer(text)
            else:
                self._offer_rest(member, ready)
        for held in self._joining.values():
            held.extend(ready)

    def _offer_rest(self, member: Member, ready: list[tuple[int, str]]) -> None:
        """A member whose snapshot was ahead of the room."""
        for seq, text in ready:
            if seq > member.after:
                member.offer(text)

    def _offer(self, member: Member, seq: int | None, text: str) -> None:
        held = self._joining.get(member)
        if held is None:
            member.offer(text)
        else:
            held.append((seq, text))

    # --- gaps ------------------------------------------------------------------------------------------------
    def _repair_soon(self, seconds: float) -> None:
        if self._repairing is None:
            self._repairing = asyncio.create_task(self._repair(seconds))

    async def _repair(self, seconds: float) -> None:
        """Fetches what did not arrive by itself; a failure is repeated by the hub's next look at the heads."""
        try:
            await asyncio.sleep(seconds)
            if self.seq is None:
                return
            missed = await _load_missed(self.room_id, self.seq)
            if missed.fresh:
                self._start_afresh(missed.seq)
                return
            for event in missed.events:
                self._waiting.setdefault(event["seq"], encode(event))
            self._flush(known=missed.seq)
        except (DatabaseError, NoSuchRoom):
            log.warning("A gap in %s was not repaired yet.", self.room_id, exc_info=True)
        finally:
            self._repairing = None

    def _start_afresh(self, seq: int) -> None:
        """Too much was lost to send it all: readers come back and ask each for what they miss."""
        self.seq = seq
        self._waiting.clear()
        for member in self:
            member.close(Close.TOO_SLOW)

    def stop(self) -> None:
        for task in (self._repairing, self._looking, self._loading):
            if task:
                task.cancel()

    def _welcome(self, member: Member, snapshot: Snapshot) -> Welcome:
        visitor = member.visitor
        presence = self.presence or Presence(type="presence", viewer_count=0, people=[])
        return {
            "type": "welcome",
            "room_id": self.room_id,
            "you": visitor.person,
            "stream": snapshot.state.staff if visitor.runs else snapshot.state.member,
            "viewer_count": presence["viewer_count"],
            "people": presence["people"],
            "history": snapshot.history,
            "settings": self.desk.settings,
            "pinned": self.desk.pinned,
            "timed_out_until": self.desk.timeouts.get(visitor.user_id),
            "seq": snapshot.seq,
            "server_time": clock.to_ms(clock.now()),
        }

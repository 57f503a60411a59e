"""One room in this process: who is here, which number they have, and what waits for its predecessor."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from itertools import batched

from django.db import DatabaseError

from chat.domain.messages import Missed
from chat.errors import NoSuchRoom
from chat.frames.registry import ChatMessage, Close, PersonFrame, Presence, encode
from chat.interactions.state import InteractionsState
from chat.realtime import handlers
from chat.realtime.batching import Batching
from chat.realtime.connection import Connection
from chat.realtime.handlers import Head, RoomConfig, RoomState, Snapshot
from chat.realtime.outgoing import Outgoing
from chat.realtime.room_settings_cache import RoomSettingsCache
from chat.realtime.snapshots import Snapshots
from chat.realtime.threads import in_thread
from chat.realtime.welcome import WelcomeFrames

log = logging.getLogger(__name__)

# How long a frame waits for one with a lower number that went another way.
GAP_SECONDS = 0.3
# What an array holds about; well below what may wait for a reader (member.QUEUE_BYTES).
ARRAY_CHARACTERS = 64 * 1024
ARRAY_FRAMES = 500
_STANDS = 0  # in the place of a number: not an event
_load_missed = in_thread(handlers.load_missed)
_load_heads = in_thread(handlers.load_heads)


class HubRoom:
    """Every reader gets each number once and in order, whatever the order and number of copies that arrive.

    A joining member is held back until its welcome; then it gets what came since, without gap or repetition.
    """

    def __init__(self, room_id: str) -> None:
        self.room_id = room_id
        self.members: set[Connection] = set()
        self.seq: int | None = None  # delivered up to here; None until the first snapshot
        self.state: RoomState | None = None
        self.desk = RoomSettingsCache()
        self.floor = InteractionsState(room_id, lambda: self.members | self._asking)
        self.presence: Presence | None = None
        self.presence_stale = True
        self.moved = False  # somebody came or went here: other processes do not know yet
        self.people: dict[int, PersonFrame] = {}  # what those present are called
        self.empty_since = 0.0
        self._joining: dict[Connection, list[tuple[int, Outgoing]]] = {}
        self._asking: set[Connection] = set()  # those of them who had their welcome and asked for what they missed
        self._waiting: dict[int, str] = {}
        self._leaving: list[tuple[int, str]] = []  # in line, and not with the members yet
        self._leaving_characters = 0
        self._pace = Batching(self._deliver)
        self._repairing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._snapshots = Snapshots(room_id)
        self._greeting = WelcomeFrames(room_id)

    def __iter__(self) -> Iterator[Connection]:
        yield from list(self.members)
        yield from list(self._joining)

    @property
    def empty(self) -> bool:
        return not self.members and not self._joining

    # --- coming and going ------------------------------------------------------------------------------------
    def join(self, member: Connection) -> None:
        """From here on nothing is missed; `admit` or `leave` follows."""
        self._joining[member] = []

    def admit(self, member: Connection, snapshot: Snapshot) -> None:
        held = self._joining.pop(member, None)
        if held is None:
            return  # left while the snapshot was on its way
        member.after = snapshot.seq
        self._greeting.give(member, snapshot, self.presence, self.desk, self.floor)
        self.members.add(member)
        self._offer_after(member, held)
        self.presence_stale = self.moved = True

    def leave(self, member: Connection) -> None:
        self.members.discard(member)
        self._asking.discard(member)
        self._joining.pop(member, None)
        self.presence_stale = self.moved = True
        if self.empty:
            self.empty_since = asyncio.get_running_loop().time()

    def hold(self, member: Connection) -> None:
        """Until `catch_up` no number leaves: an answer read before an event must not reach the member after it."""
        if member in self.members:
            self.members.remove(member)
            self._joining[member] = []
            self._asking.add(member)

    def catch_up(self, member: Connection, missed: Missed | None) -> None:
        """Answers a resync; what the answer holds does not come again as a frame. None: there is no answer."""
        held = self._joining.pop(member, None)
        if held is None:  # left meanwhile
            return
        self._asking.discard(member)
        self.members.add(member)
        if missed:
            member.after = max(member.after, missed.seq)
            member.say({"type": "resynced", "events": missed.events, "seq": missed.seq, "fresh": missed.fresh})
            self._know_of(missed.seq)
        self._offer_after(member, held)

    def repeat(self, member: Connection, message: ChatMessage) -> None:
        """Tells a sender what was said before. A number that is still on its way to them comes in its turn."""
        next_in_line = self._leaving[0][0] if self._leaving else (self.seq or 0) + 1
        self._know_of(message["seq"])
        if message["seq"] < next_in_line or message["seq"] <= member.after:
            member.offer(Outgoing(encode(message)))

    def _offer_after(self, member: Connection, frames: Iterable[tuple[int, Outgoing]]) -> None:
        """Without what the member's snapshot or answer had already."""
        for seq, frame in frames:
            if seq == _STANDS or seq > member.after:
                member.offer(frame)

    def _know_of(self, seq: int) -> None:
        """The database is ahead: a note is late or lost."""
        if self.seq is not None and seq > self.seq:
            self._repair_soon(GAP_SECONDS)

    def remove_person(self, user_id: int) -> None:
        for member in self:
            if member.visitor.user_id == user_id:
                member.close(Close.FORBIDDEN)

    # --- snapshots -------------------------------------------------------------------------------------------
    async def snapshot(self) -> Snapshot:
        """What a fresh reader gets, not older than this call. Raises NoSuchRoom."""
        snapshot = await self._snapshots.get(self.seq)
        if self.seq is None:
            self.seq = snapshot.seq
            self._flush()
        self._know_of(snapshot.seq)
        if self.state is None:
            self.state = snapshot.state
            self.take_conduct(snapshot.conduct)
        return snapshot

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
        self._know_of(head.seq)
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
                if head := (await _load_heads([self.room_id])).get(self.room_id):
                    self.take_head(head)
        except DatabaseError:
            log.warning("The state of %s was not looked up.", self.room_id, exc_info=True)
        finally:
            self._looking = None

    def take_state(self, state: RoomState) -> None:
        if state == self.state:
            return
        self.state = state
        self._snapshots.forget()
        for_members = Outgoing.of({"type": "stream_state", "stream": state.member})
        for_staff = Outgoing.of({"type": "stream_state", "stream": state.staff})
        for member in self:
            self.offer(member, for_staff if member.visitor.runs else for_members)

    def take_conduct(self, conduct: RoomConfig) -> None:
        change = self.desk.learn(conduct)
        if change is None:
            return
        self._snapshots.forget()
        for_all = [Outgoing.of(frame) for frame in change.for_all]
        for member in self:
            for frame in [*for_all, *map(Outgoing.of, change.for_person(member.visitor))]:
                self.offer(member, frame)

    def take_presence(self, presence: Presence) -> None:
        if presence == self.presence:
            return
        self.presence = presence
        frame = Outgoing.of(presence)
        for member in self.members | self._asking:  # the welcome brings a joining member the count
            member.offer(frame)

    def _flush(self, known: int = 0) -> None:
        """Lines up what is next. A number up to `known` need not exist."""
        if self.seq is None:
            return
        ready: list[tuple[int, str]] = []
        for seq in [seq for seq in self._waiting if seq <= self.seq]:
            del self._waiting[seq]
        while self.seq < known or self.seq + 1 in self._waiting:
            self.seq += 1
            if (found := self._waiting.pop(self.seq, None)) is not None:
                ready.append((self.seq, found))
        if ready:
            self._leaving += ready
            self._leaving_characters += sum(len(text) for _, text in ready)
            is_much = self._leaving_characters > ARRAY_CHARACTERS
            self._pace.heard(len(ready), members=len(self.members), is_much=is_much)

    def _deliver(self) -> None:
        """What is in line goes to everybody, several as one array, which is encoded once."""
        leaving, self._leaving, self._leaving_characters = self._leaving, [], 0
        for part in batched(leaving, ARRAY_FRAMES):
            self._deliver_part(part)

    def _deliver_part(self, part: tuple[tuple[int, str], ...]) -> None:
        frame, first = Outgoing.array([text for _, text in part]), part[0][0]
        ahead = []
        for member in list(self.members):
            if member.after < first:
                member.offer(frame)
            else:
                ahead.append(member)  # its snapshot was ahead of the room
        if ahead or self._joining:
            single = [(seq, Outgoing(text)) for seq, text in part]
            for member in ahead:
                self._offer_after(member, single)
            for held in self._joining.values():
                held.extend(single)

    def offer(self, member: Connection, frame: Outgoing) -> None:
        """How something stands now, for one who may still be waiting for the welcome."""
        held = self._joining.get(member)
        if held is None:
            member.offer(frame)
        else:
            held.append((_STANDS, frame))

    # --- gaps ------------------------------------------------------------------------------------------------
    def _repair_soon(self, seconds: float) -> None:
        if self._repairing is None:
            self._repairing = asyncio.create_task(self._repair(seconds))

    async def _repair(self, seconds: float) -> None:
        """Fetches what did not arrive by itself; a failure is repeated by the hub's next look at the heads."""
        try:
            while self.seq is not None:
                await asyncio.sleep(seconds)
                missed = await _load_missed(self.room_id, self.seq)
                if missed.fresh:
                    self._start_afresh(missed.seq)
                    return
                for event in missed.events:
                    self._waiting.setdefault(event["seq"], encode(event))
                self._flush(known=missed.seq)
                if not self._waiting:  # what came meanwhile may show another gap
                    return
        except (DatabaseError, NoSuchRoom):
            log.warning("A gap in %s was not repaired yet.", self.room_id, exc_info=True)
        finally:
            self._repairing = None

    def _start_afresh(self, seq: int) -> None:
        """Too much was lost to send it all: readers come back and ask each for what they miss."""
        self.seq = seq
        self._waiting.clear()
        self._leaving, self._leaving_characters = [], 0
        for member in self:
            member.close(Close.TOO_SLOW)

    def stop(self) -> None:
        self.floor.stop()
        self._pace.stop()
        self._snapshots.stop()
        for task in filter(None, (self._repairing, self._looking)):
            task.cancel()

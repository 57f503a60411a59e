"""One room in this process: its connections, the number that each has, and events that wait for their predecessor."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched

from django.db import DatabaseError

from chat.domain import room_state
from chat.domain.messages import Missed
from chat.domain.room_state import Head, RoomConfig, RoomState, Snapshot
from chat.errors import NoSuchRoom
from chat.frames.outgoing import Outgoing
from chat.frames.registry import Close
from chat.frames.room import ChatMessage, PersonFrame, Presence, Resynced, StreamStateChanged
from chat.interactions.state import InteractionsState
from chat.realtime import handlers
from chat.realtime.batching import Batching
from chat.realtime.connection import Connection
from chat.realtime.room_settings_cache import RoomSettingsCache
from chat.realtime.snapshots import Snapshots
from chat.realtime.welcome import WelcomeFrames
from chat.threads import in_thread
from fitfriends.core.frames import encode

log = logging.getLogger(__name__)

# How long a frame waits for one with a lower number that went another way.
GAP_SECONDS = 0.3
# What an array holds about; well below what may wait for a reader (connection.QUEUE_BYTES).
ARRAY_CHARACTERS, ARRAY_FRAMES = 64 * 1024, 500
_NO_NUMBER = 0  # of a frame that is no event
_load_missed = in_thread(handlers.load_missed)
_load_heads = in_thread(room_state.load_heads)


class HubRoom:
    """Every reader gets each number once and in order, whatever the order and number of copies that arrive.

    A joining connection is held back until its welcome; then it gets what came since, without gap or repetition.
    """

    def __init__(self, room_id: str) -> None:
        self.room_id = room_id
        self.connections: set[Connection] = set()
        self.seq: int | None = None  # delivered up to here; None until the first snapshot
        self.state: RoomState | None = None
        self.settings_cache = RoomSettingsCache()
        self.interactions = InteractionsState(room_id, lambda: self.connections | self._asking)
        self.presence: Presence | None = None
        self.presence_stale = True
        self.moved = False  # somebody came or went here: other processes do not know yet
        self.people: dict[int, PersonFrame] = {}  # what those present are called
        self.empty_since = 0.0
        self._joining: dict[Connection, list[tuple[int, Outgoing]]] = {}
        self._asking: set[Connection] = set()  # those of them who had their welcome and asked for what they missed
        self._waiting: dict[int, str] = {}
        self._leaving: list[tuple[int, str]] = []  # in order, and not with the readers yet
        self._leaving_characters = 0
        self._batching = Batching(self._deliver)
        self._repairing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._snapshots = Snapshots(room_id)
        self._welcome = WelcomeFrames(room_id)

    def __iter__(self) -> Iterator[Connection]:
        return iter([*self.connections, *self._joining])

    @property
    def timeouts(self) -> Mapping[int, int]:
        return self.settings_cache.timeouts

    @property
    def empty(self) -> bool:
        return not self.connections and not self._joining

    def join(self, connection: Connection) -> None:
        """From here on the connection misses nothing. `admit` or `leave` must follow."""
        self._joining[connection] = []

    def admit(self, connection: Connection, snapshot: Snapshot) -> None:
        held = self._joining.pop(connection, None)
        if held is None:
            return  # left while the snapshot was on its way
        connection.after = snapshot.seq
        self._welcome.give(connection, snapshot, self.presence, self.settings_cache, self.interactions)
        self.connections.add(connection)
        self._offer_after(connection, held)
        self.presence_stale = self.moved = True

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self._asking.discard(connection)
        self._joining.pop(connection, None)
        self.presence_stale = self.moved = True
        if self.empty:
            self.empty_since = asyncio.get_running_loop().time()

    def hold(self, connection: Connection) -> None:
        """Holds numbered events back until `catch_up`, so that no answer reaches the reader after a later event."""
        if connection in self.connections:
            self.connections.remove(connection)
            self._joining[connection] = []
            self._asking.add(connection)

    def catch_up(self, connection: Connection, missed: Missed | None) -> None:
        """Answers a resync; what the answer holds does not come again as a frame. None: there is no answer."""
        held = self._joining.pop(connection, None)
        if held is None:  # left meanwhile
            return
        self._asking.discard(connection)
        self.connections.add(connection)
        if missed:
            connection.after = max(connection.after, missed.seq)
            connection.say(Resynced(events=missed.events, seq=missed.seq, fresh=missed.fresh))
            self._know_of(missed.seq)
        self._offer_after(connection, held)

    def repeat(self, connection: Connection, message: ChatMessage) -> None:
        """Tells a sender what was said before. A number that is still on its way to them comes in its turn."""
        next_in_line = self._leaving[0][0] if self._leaving else (self.seq or 0) + 1
        self._know_of(message.seq)
        if message.seq < next_in_line or message.seq <= connection.after:
            connection.offer(Outgoing(encode(message)))

    def _offer_after(self, connection: Connection, frames: Iterable[tuple[int, Outgoing]]) -> None:
        """Leaves out what the connection's snapshot or answer already held."""
        for seq, frame in frames:
            if seq == _NO_NUMBER or seq > connection.after:
                connection.offer(frame)

    def _know_of(self, seq: int) -> None:
        """Repairs the gap when the database is ahead: a note is late or lost."""
        if self.seq is not None and seq > self.seq:
            self._repair_soon(GAP_SECONDS)

    def remove_person(self, user_id: int) -> None:
        for connection in self:
            if connection.participant.user_id == user_id:
                connection.close(Close.FORBIDDEN)

    async def snapshot(self) -> Snapshot:
        """Returns what a fresh reader gets, not older than this call. Raises NoSuchRoom."""
        snapshot = await self._snapshots.get(self.seq)
        if self.seq is None:
            self.seq = snapshot.seq
            self._flush()
        self._know_of(snapshot.seq)
        if self.state is None:
            self.state = snapshot.state
            self.take_config(snapshot.config)
        return snapshot

    def take_event(self, seq: int, text: str) -> None:
        if self.seq is not None and seq <= self.seq:
            return
        self._waiting[seq] = text
        self._flush()
        if self.seq is not None and self._waiting:
            self._repair_soon(GAP_SECONDS)

    def take_head(self, head: Head) -> None:
        """Compares with the room in the database, and repairs what got lost on the way here."""
        self.take_state(head.state)
        self.take_config(head.config)
        self._know_of(head.seq)
        if head.state.over:
            for connection in self:
                connection.close(Close.UNKNOWN_ROOM)

    def look(self) -> None:
        """Looks up what changed about the stream. Changes while it looks are one look more."""
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
        for_members = Outgoing.of(StreamStateChanged(stream=state.member))
        for_staff = Outgoing.of(StreamStateChanged(stream=state.staff))
        for reader in self:
            self.offer(reader, for_staff if reader.participant.runs else for_members)

    def take_config(self, config: RoomConfig) -> None:
        change = self.settings_cache.learn(config)
        if change is None:
            return
        self._snapshots.forget()
        for_all = [Outgoing.of(frame) for frame in change.for_all]
        for reader in self:
            for frame in [*for_all, *map(Outgoing.of, change.for_person(reader.participant))]:
                self.offer(reader, frame)

    def take_presence(self, presence: Presence) -> None:
        if presence == self.presence:
            return
        self.presence = presence
        frame = Outgoing.of(presence)
        for connection in self.connections | self._asking:  # the welcome brings a joining connection the count
            connection.offer(frame)

    def _flush(self, known: int = 0) -> None:
        """Puts the next events in order. A number up to `known` need not exist."""
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
            self._batching.heard(len(ready), connections=len(self.connections), is_much=is_much)

    def _deliver(self) -> None:
        """Sends what is in order to everybody; several events as one array, encoded once."""
        leaving, self._leaving, self._leaving_characters = self._leaving, [], 0
        for part in batched(leaving, ARRAY_FRAMES):
            self._deliver_part(part)

    def _deliver_part(self, part: tuple[tuple[int, str], ...]) -> None:
        frame, first = Outgoing.array([text for _, text in part]), part[0][0]
        ahead = []
        for connection in list(self.connections):
            if connection.after < first:
                connection.offer(frame)
            else:
                ahead.append(connection)  # its snapshot was ahead of the room
        if ahead or self._joining:
            single = [(seq, Outgoing(text)) for seq, text in part]
            for connection in ahead:
                self._offer_after(connection, single)
            for held in self._joining.values():
                held.extend(single)

    def offer(self, connection: Connection, frame: Outgoing) -> None:
        """Offers a frame about the present state, also to a connection that still waits for its welcome."""
        held = self._joining.get(connection)
        if held is None:
            connection.offer(frame)
        else:
            held.append((_NO_NUMBER, frame))

    def _repair_soon(self, seconds: float) -> None:
        if self._repairing is None:
            self._repairing = asyncio.create_task(self._repair(seconds))

    async def _repair(self, seconds: float) -> None:
        """Fetches what did not arrive by itself. After a failure the next comparison of heads tries again."""
        try:
            while self.seq is not None:
                await asyncio.sleep(seconds)
                missed = await _load_missed(self.room_id, self.seq)
                if missed.fresh:
                    self._start_afresh(missed.seq)
                    return
                for event in missed.events:
                    self._waiting.setdefault(event.seq, encode(event))
                self._flush(known=missed.seq)
                if not self._waiting:  # what came meanwhile may show another gap
                    return
        except (DatabaseError, NoSuchRoom):
            log.warning("A gap in %s was not repaired yet.", self.room_id, exc_info=True)
        finally:
            self._repairing = None

    def _start_afresh(self, seq: int) -> None:
        """Closes all connections: too much was lost to send it all. Each comes back and asks for what it misses."""
        self.seq = seq
        self._waiting.clear()
        self._leaving, self._leaving_characters = [], 0
        for connection in self:
            connection.close(Close.TOO_SLOW)

    def stop(self) -> None:
        self.interactions.stop()
        self._batching.stop()
        self._snapshots.stop()
        for task in filter(None, (self._repairing, self._looking)):
            task.cancel()

"""One room in this process: its sessions, how the class stands, and whether there is something to watch."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from streaming.webrtc import errors, gateway
from streaming.webrtc.access import Facts
from streaming.webrtc.frames import Close, GoneNow, ModeNow, ReadyNow
from streaming.webrtc.gateway import Event
from streaming.webrtc.session import SignallingSession

# Members who watch when a class becomes a broadcast move to HLS meanwhile, and keep their picture until then.
MOVING_SECONDS = 3.0


class SignallingRoom:
    """Listens to the gateway for its room; each change is told to the sessions once."""

    def __init__(self, room_id: str, facts: Facts) -> None:
        self.room_id = room_id
        self.facts = facts
        self.moving_since: float | None = None
        self._sessions: set[SignallingSession] = set()
        self._kept = 0
        self._source = False  # what the gateway said last

    def __iter__(self) -> Iterator[SignallingSession]:
        return iter(list(self._sessions))

    @property
    def is_empty(self) -> bool:
        return not self._sessions and not self._kept

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Not empty meanwhile: somebody is about to enter."""
        self._kept += 1
        try:
            yield
        finally:
            self._kept -= 1

    @property
    def ready(self) -> bool:
        """Somebody publishes here by WebRTC, or an encoder does."""
        return self._source or (bool(self.facts.connected) and not self.facts.bridged)

    def enter(self, session: SignallingSession) -> None:
        self._sessions.add(session)
        session.told_ready = self.ready

    def leave(self, session: SignallingSession) -> None:
        self._sessions.discard(session)

    def sessions_of(self, user_id: int) -> list[SignallingSession]:
        return [session for session in self._sessions if session.token.user_id == user_id]

    def learn(self, facts: Facts) -> None:
        """How the class stands now. Ended: every session closes."""
        before, self.facts = self.facts, facts
        if facts.ended:
            for session in self:
                session.refuse(errors.WrongState("This class is over."))
                session.close(Close.UNKNOWN_ROOM)
            return
        if facts.mode != before.mode:
            self.moving_since = None if facts.interactive else asyncio.get_running_loop().time()
            for session in self:
                session.say(ModeNow(mode=facts.mode.value))
        self._tell()

    def happened(self, event: Event) -> None:
        match event:
            case gateway.Ready(room) if room == self.room_id:
                self._source = True
            case gateway.SourceGone(room) if room == self.room_id:
                self._source = False
            case gateway.Reset():
                self._source = False
            case _:
                return
        self._tell()

    def _tell(self) -> None:
        for session in self:
            if session.told_ready != self.ready:
                session.told_ready = self.ready
                session.say(ReadyNow() if self.ready else GoneNow())

    @property
    def members_must_go(self) -> bool:
        """The class is a broadcast for long enough."""
        since = self.moving_since
        return since is not None and asyncio.get_running_loop().time() - since >= MOVING_SECONDS

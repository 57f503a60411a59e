"""Sessions of WHIP and WHEP: a session of signalling without a socket, known by an address that cannot be guessed.

They end with their peer, with DELETE, with their person's rights, with the class, and when the same person opens
another one of its kind in the room.
"""

import asyncio
import hashlib
import hmac
import secrets
import weakref

from streaming.domain.tokens.signing import RoomToken
from streaming.webrtc.frames import Close, Outbound, Reconnect, Refused
from streaming.webrtc.hub import SignallingHub
from streaming.webrtc.session import Kind, SignallingSession

_ending: set[asyncio.Task[None]] = set()


class Session:
    def __init__(self, here: SignallingHub, token: RoomToken, kind: Kind, proof: str) -> None:
        self.id = secrets.token_urlsafe(16)
        self.kind = kind
        self.signalling = SignallingSession(token, here.gateway, say=self._heard, end=self._closed)
        self.sid = ""
        self.etag = new_etag()
        self.description = ""  # what the client offered, for WHIP; to restart from
        self._here = here
        self._proof = _digest(proof)

    def knows(self, proof: str) -> bool:
        """The very token it was opened with: that one may end it after its own time."""
        return hmac.compare_digest(self._proof, _digest(proof))

    async def end(self) -> None:
        """Repeatable."""
        if known(self._here).pop(self.id, None) is not None:
            await self._here.leave(self.signalling)

    def _heard(self, frame: Outbound) -> None:
        """Nobody can be told: a peer that is over is the end of the session."""
        if isinstance(frame, Reconnect) or (isinstance(frame, Refused) and frame.sid == self.sid):
            self._end_soon()

    def _closed(self, _: Close) -> None:
        self._end_soon()

    def _end_soon(self) -> None:
        task = asyncio.get_running_loop().create_task(self.end())
        _ending.add(task)
        task.add_done_callback(_ending.discard)


_sessions: weakref.WeakKeyDictionary[SignallingHub, dict[str, Session]] = weakref.WeakKeyDictionary()


def known(here: SignallingHub) -> dict[str, Session]:
    return _sessions.setdefault(here, {})


def find(here: SignallingHub, room_id: str, session_id: str, kind: Kind) -> Session | None:
    found = known(here).get(session_id)
    return found if found and found.kind == kind and found.signalling.token.room_id == room_id else None


async def replace(here: SignallingHub, session: Session) -> None:
    """A new one stands; the same person's others of its kind in the room end."""
    token = session.signalling.token
    others = [
        other
        for other in known(here).values()
        if other.kind == session.kind
        and (other.signalling.token.room_id, other.signalling.token.user_id) == (token.room_id, token.user_id)
    ]
    known(here)[session.id] = session
    for other in others:
        await other.end()


def new_etag() -> str:
    return f'"{secrets.token_hex(8)}"'


def _digest(proof: str) -> str:
    return hashlib.sha256(proof.encode()).hexdigest()

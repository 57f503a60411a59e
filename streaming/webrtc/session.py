"""One person's session of signalling: its peers at the gateway, and the frames that go out.

A session is what the gateway tells of its peers (`happened`) and what a room tells its sessions (room.py); where the
frames go is its door's business, the socket's (consumer.py) or that of WHIP and WHEP, which have none.
"""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import Awaitable, Callable
from enum import StrEnum

from fitfriends.core.errors import DomainError
from media_worker.sfu.bridge import events
from streaming.domain.tokens.signing import RoomToken
from streaming.enums import Role
from streaming.webrtc import errors
from streaming.webrtc import gateway as sfu
from streaming.webrtc.frames import BridgeNow, Close, MediaNow, Outbound, Reconnect, Refused, SlowLinkNow, UpNow
from streaming.webrtc.gateway import Event, Opened, Sfu

_numbers = itertools.count()
_LEAVING_SECONDS = 10.0
_EARLY_MOST = 32
REPLACED = "replaced"


class Kind(StrEnum):
    PUBLISHER = "publisher"
    VIEWER = "viewer"


class SignallingSession:
    """`say` and `end` must not block; `end` is called once."""

    def __init__(
        self, token: RoomToken, gateway: Sfu, *, say: Callable[[Outbound], None], end: Callable[[Close], None]
    ) -> None:
        self.token = token
        self.role = Role.VIEWER  # until the database has said otherwise
        self.number = next(_numbers)
        self.conn_id = f"w{secrets.token_hex(8)}"
        self.peers: dict[str, Kind] = {}
        self.is_closing = False
        self.told_ready = False
        self.refused_since: float | None = None  # by the ingest, its publisher's bridge
        self._gateway = gateway
        self._say, self._end = say, end
        self._opening: asyncio.Future[Opened] | None = None
        self._early: list[Event] = []

    @property
    def watches(self) -> bool:
        return Kind.VIEWER in self.peers.values()

    @property
    def publishes(self) -> bool:
        return Kind.PUBLISHER in self.peers.values()

    def say(self, frame: Outbound) -> None:
        if not self.is_closing:
            self._say(frame)

    def refuse(self, error: DomainError, *, about: str = "", sid: str = "") -> None:
        self.say(refusal(error, about=about, sid=sid))

    def close(self, code: Close) -> None:
        """Takes and says nothing from now on; its peers end with leave()."""
        if not self.is_closing:
            self.is_closing = True
            self._end(code)

    async def open(self, kind: Kind, opening: Awaitable[Opened]) -> Opened:
        """A new peer, in the place of the one of its kind that this session had. Raises SfuError.

        Shielded: a socket that goes away meanwhile must not leave a peer behind that nobody knows of.
        """
        self._early.clear()
        self._opening = asyncio.ensure_future(opening)
        try:
            opened = await asyncio.shield(self._opening)
        except Exception:
            self._opening = None
            raise
        self._opening = None
        before = [sid for sid, known in self.peers.items() if known == kind]
        self.peers[opened.peer] = kind
        for sid in before:
            await self.end_peer(sid)
        return opened

    def catch_up(self) -> None:
        """What the gateway told of a peer before its door knew of it."""
        early, self._early = self._early, []
        for event in early:
            self.happened(event)

    async def end_peer(self, sid: str) -> None:
        if self.peers.pop(sid, None) is not None:
            await self._gateway.close(sid)

    async def end_viewers(self, why: DomainError) -> None:
        for sid in [sid for sid, kind in self.peers.items() if kind == Kind.VIEWER]:
            await self.end_peer(sid)
            self.refuse(why, sid=sid)

    async def leave(self) -> None:
        """Ends all peers, the one that is being opened too."""
        self.is_closing = True
        if self._opening is not None:
            with contextlib.suppress(sfu.SfuError, TimeoutError, asyncio.CancelledError):
                opened = await asyncio.wait_for(self._opening, _LEAVING_SECONDS)
                await self._gateway.close(opened.peer)
        for sid in list(self.peers):
            await self.end_peer(sid)

    def happened(self, event: Event) -> None:
        """The gateway's word about one of our peers, or about all. What concerns the room, its room hears."""
        match event:
            case sfu.Reset():
                for sid in list(self.peers):
                    self._lost(sid, "The media server restarted.")
            case sfu.Ready() | sfu.SourceGone():
                return
            case _ if event.peer in self.peers:
                self._about_peer(event)
            case _ if self._opening is not None and len(self._early) < _EARLY_MOST:
                self._early.append(event)

    def _about_peer(self, event: Event) -> None:
        match event:
            case sfu.Up(sid):
                self.say(UpNow(sid=sid))
            case sfu.Media(sid, kind, receiving):
                self.say(MediaNow(sid=sid, kind=kind, receiving=receiving))
            case sfu.SlowLink(sid, uplink, lost):
                self.say(SlowLinkNow(sid=sid, uplink=uplink, lost=lost))
            case sfu.Bridge(_, state, code, words):
                self._note_refusal(code)
                self.say(BridgeNow(state=state, code=code, words=words))
            case sfu.Gone(sid, reason):
                self._lost(sid, reason)

    def _note_refusal(self, code: str) -> None:
        if code != events.REFUSED:
            self.refused_since = None
        elif self.refused_since is None:
            self.refused_since = asyncio.get_running_loop().time()

    async def publish_anew(self) -> None:
        """The ingest does not take this publisher's bridge: her next attempt gets the class's key as it is now, or is
        told who is in the way.
        """
        self.refused_since = None
        for sid in [sid for sid, kind in self.peers.items() if kind == Kind.PUBLISHER]:
            await self._gateway.close(sid)
            self._lost(sid, "bridge")

    def _lost(self, sid: str, reason: str) -> None:
        del self.peers[sid]
        if reason == REPLACED:
            self.refuse(errors.Replaced(), sid=sid)
        else:
            self.say(Reconnect(sid=sid, reason=reason))


def refusal(error: DomainError, *, about: str = "", sid: str = "") -> Refused:
    wait = errors.RETRY_AFTER.get(error.code, 0)
    return Refused(code=error.code, message=error.message, of_type=about, sid=sid, retry_after=wait)

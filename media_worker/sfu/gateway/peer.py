"""One client's connection to Janus: its handle, whether it lives, whom to notify."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from fitfriends.core.bucket import Bucket
from media_worker.sfu.errors import FLOOD, PEER, SfuError
from media_worker.sfu.gateway import candidates
from media_worker.sfu.gateway.host import Host, Notify
from media_worker.sfu.gateway.protocol import Candidate, Gone, Media, SlowLink, Up
from media_worker.sfu.janus.client import Handle, JanusEvent
from media_worker.sfu.janus.fields import flag, number, text

_BURST, _RATE = 60, 10  # of requests about one peer: a client with many addresses has twenty candidates


class Peer(ABC):
    """A peer, from its first description to its end. `on_end` is called when it ends by itself, and calls `close`."""

    def __init__(
        self, host: Host, *, peer: str, person: str, notify: Notify, on_end: Callable[["Peer", str], None]
    ) -> None:
        self.id = peer
        self.person = person
        self.up = False
        self.notify = notify
        self._host = host
        self._on_end = on_end
        self._handle: Handle | None = None
        self._bucket = Bucket(_BURST, _RATE)
        self._ended = False
        self._receiving: dict[str, bool] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def ended(self) -> bool:
        return self._ended

    def allow(self) -> None:
        """Raises SfuError(webrtc:flood)."""
        if not self._bucket.take():
            raise SfuError(FLOOD, "Too much at once.")

    async def candidate(self, candidate: Candidate | None) -> None:
        fields = None if candidate is None else candidates.checked(candidate)
        if fields is not None or candidate is None:
            await self.handle.trickle(fields)

    @abstractmethod
    async def restart(self, sdp: str) -> str:
        """New ICE credentials: the next description for the client."""

    @abstractmethod
    async def answer(self, sdp: str) -> None:
        """The client's answer to our offer."""

    @property
    def handle(self) -> Handle:
        """Raises SfuError(webrtc:peer) before and after its life in Janus."""
        if self._handle is None:
            raise SfuError(PEER, "This connection is over.")
        return self._handle

    def attached(self, handle: Handle) -> None:
        self._handle = handle
        self._start_timer(self._host.timeouts.connecting, "no connection")

    async def close(self) -> None:
        """Ends it in Janus. Never raises; may be called twice."""
        self._ended = True
        self._cancel_timer()
        handle, self._handle = self._handle, None
        if handle is not None:
            await handle.detach()

    def end(self, reason: str) -> None:
        """It ended by itself: notifies its client and its owner, once."""
        if not self._ended:
            self._ended = True
            self._cancel_timer()
            self.notify(Gone(self.id, reason))
            self._on_end(self, reason)

    def on_event(self, event: JanusEvent) -> None:
        """Handles an event of its handle."""
        if self._ended:
            return
        match event.kind:
            case "webrtcup":
                first, self.up = not self.up, True
                self._cancel_timer()
                self.notify(Up(self.id))
                if first:  # and not after an ICE restart
                    self.on_connected()
            case "media":
                self._media(text(event.body, "type"), receiving=flag(event.body, "receiving"))
            case "slowlink":
                self.notify(SlowLink(self.id, flag(event.body, "uplink"), number(event.body, "lost")))
            case "hangup" | "detached":
                self.end(text(event.body, "reason") or event.kind)

    def on_connected(self) -> None:
        """The media connection was made for the first time."""
        return

    def _media(self, kind: str, *, receiving: bool) -> None:
        if kind not in {"audio", "video"}:
            return
        self._receiving[kind] = receiving
        self.notify(Media(self.id, kind, receiving))
        if any(self._receiving.values()):
            self._cancel_timer()
        else:
            # Janus never says that a peer died: one that was cut off is silent.
            self._start_timer(self._host.timeouts.silence, "no media")

    def _start_timer(self, seconds: float, reason: str) -> None:
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.end, reason)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

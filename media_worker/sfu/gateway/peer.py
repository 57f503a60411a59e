"""One client's connection to Janus: its handle, whether it lives, whom to tell."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable

from fitfriends.core.bucket import Bucket
from media_worker.sfu.errors import FLOOD, PEER, SfuError
from media_worker.sfu.gateway import candidates
from media_worker.sfu.gateway.host import Host, Tell
from media_worker.sfu.gateway.protocol import Candidate, Gone, Media, SlowLink, Up
from media_worker.sfu.janus.client import Handle, Notice
from media_worker.sfu.janus.fields import flag, number, text

_BURST, _RATE = 60, 10  # of requests about one peer: a client with many addresses has twenty candidates


class Peer(ABC):
    """From its first description to its end. `over` is called when it ended by itself, and has to call `close`."""

    def __init__(
        self, host: Host, *, peer: str, person: str, tell: Tell, over: Callable[["Peer", str], None]
    ) -> None:
        self.id = peer
        self.person = person
        self.up = False
        self.tell = tell
        self._host = host
        self._over = over
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
        told = None if candidate is None else candidates.checked(candidate)
        if told is not None or candidate is None:
            await self.handle.trickle(told)

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

    def began(self, handle: Handle) -> None:
        self._handle = handle
        self._patience(self._host.patience.connecting, "no connection")

    async def close(self) -> None:
        """Ends it in Janus; never raises, and may be called twice."""
        self._ended = True
        self._calm()
        handle, self._handle = self._handle, None
        if handle is not None:
            await handle.detach()

    def end(self, reason: str) -> None:
        """It ended by itself: its owner and its client are told once."""
        if not self._ended:
            self._ended = True
            self._calm()
            self.tell(Gone(self.id, reason))
            self._over(self, reason)

    def heard(self, notice: Notice) -> None:
        """What Janus says of it."""
        if self._ended:
            return
        match notice.kind:
            case "webrtcup":
                first, self.up = not self.up, True
                self._calm()
                self.tell(Up(self.id))
                if first:  # and not after an ICE restart
                    self.stands()
            case "media":
                self._media(text(notice.body, "type"), receiving=flag(notice.body, "receiving"))
            case "slowlink":
                self.tell(SlowLink(self.id, flag(notice.body, "uplink"), number(notice.body, "lost")))
            case "hangup" | "detached":
                self.end(text(notice.body, "reason") or notice.kind)

    def stands(self) -> None:
        """The media connection was made for the first time."""
        return

    def _media(self, kind: str, *, receiving: bool) -> None:
        if kind not in {"audio", "video"}:
            return
        self._receiving[kind] = receiving
        self.tell(Media(self.id, kind, receiving))
        if any(self._receiving.values()):
            self._calm()
        else:
            # Janus never says that a peer died. One that was cut off is silent, and so is this one.
            self._patience(self._host.patience.silence, "no media")

    def _patience(self, seconds: float, reason: str) -> None:
        self._calm()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.end, reason)

    def _calm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

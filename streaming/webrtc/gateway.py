"""The gateway to the SFU, as signalling sees it."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from media_worker.sfu.errors import SfuError
from media_worker.sfu.gateway.client import Gateway
from media_worker.sfu.gateway.protocol import (
    Bridge,
    Candidate,
    Event,
    Gone,
    Listener,
    Media,
    Opened,
    Ready,
    Reset,
    SlowLink,
    SourceGone,
    Up,
)

__all__ = [
    "Bridge",
    "Candidate",
    "Event",
    "Gone",
    "Listener",
    "Media",
    "Opened",
    "Ready",
    "Reset",
    "Sfu",
    "SfuError",
    "SlowLink",
    "SourceGone",
    "Up",
    "make",
]


class Sfu(Protocol):
    """What signalling asks of media_worker.sfu.gateway.client.Gateway; a test plays one for faults."""

    async def publish(self, listener: Listener, *, room: str, person: str, sdp: str, push_url: str) -> Opened: ...
    async def subscribe(
        self, listener: Listener, *, room: str, person: str, pull_url: str = "", copy: bool | None = None
    ) -> Opened: ...
    async def answer(self, peer: str, sdp: str) -> None: ...
    async def candidate(self, peer: str, candidate: Candidate | None) -> None: ...
    async def restart(self, peer: str, sdp: str = "") -> str: ...
    async def report(self, peer: str, state: str) -> None: ...
    async def close(self, peer: str) -> None: ...
    async def watch(self, listener: Listener, room: str) -> None: ...
    async def unwatch(self, listener: Listener, room: str) -> None: ...
    async def disconnect(self) -> None: ...


def _gateway() -> Sfu:
    return Gateway(settings.SFU_SOCKET)


make: Callable[[], Sfu] = _gateway

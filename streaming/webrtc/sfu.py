"""The gateway to the SFU as signalling sees it: media_worker/sfu/client.py, or what stands in for it in a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Opened:
    peer: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Candidate:
    candidate: str
    sdp_mid: str | None
    sdp_mline_index: int | None


@dataclass(frozen=True, slots=True)
class Up:
    peer: str


@dataclass(frozen=True, slots=True)
class Media:
    peer: str
    kind: str
    receiving: bool


@dataclass(frozen=True, slots=True)
class SlowLink:
    peer: str
    uplink: bool
    lost: int


@dataclass(frozen=True, slots=True)
class Gone:
    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ready:
    room: str


@dataclass(frozen=True, slots=True)
class SourceGone:
    room: str


@dataclass(frozen=True, slots=True)
class Bridge:
    peer: str
    state: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Reset:
    pass


type Event = Up | Media | SlowLink | Gone | Ready | SourceGone | Bridge | Reset


class SfuError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Listener(Protocol):
    def happened(self, event: Event) -> None: ...


class Sfu(Protocol):
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


def _nobody() -> Sfu:
    raise SfuError("webrtc:unavailable", "No gateway.")


make: Callable[[], Sfu] = _nobody

"""What the gateway and its clients say to each other: one JSON object a line, over a unix socket.

A request is {"id", "do", ...}, its answer {"id", "ok": {...}} or {"id", "error": {"code", "message"}}. What happens
comes as {"event": kind, ...} in between. Peers are named by the client that opens them.
"""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from media_worker.sfu.janus.fields import Json, JsonObject, flag, number, text

LONGEST = 65_536  # bytes of one line


@dataclass(frozen=True, slots=True)
class Opened:
    """A peer, and what its client needs first: the answer to a publisher, the offer to a viewer."""

    peer: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Candidate:
    candidate: str
    sdp_mid: str | None
    sdp_mline_index: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What this host carries; `handles` are Janus'."""

    peers: int
    viewers: int
    handles: int
    rooms: int
    mounts: int
    seats: int  # left


@dataclass(frozen=True, slots=True)
class Up:
    """The media connection stands."""

    peer: str


@dataclass(frozen=True, slots=True)
class Media:
    """Janus began or stopped to receive this kind from a publisher."""

    peer: str
    kind: str
    receiving: bool


@dataclass(frozen=True, slots=True)
class SlowLink:
    """Packets were lost; `uplink`: on the way from the client."""

    peer: str
    uplink: bool
    lost: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The peer is over. A publisher or viewer that is still there opens another."""

    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ready:
    """There is something to watch."""

    room: str


@dataclass(frozen=True, slots=True)
class SourceGone:
    room: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """Whether a publisher's picture reaches those who watch by HLS."""

    peer: str
    state: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Reset:
    """The gateway or Janus was started anew: every peer is gone, every room is empty."""


type Event = Up | Media | SlowLink | Gone | Ready | SourceGone | Bridge | Reset


class Listener(Protocol):
    def happened(self, event: Event) -> None:
        """Called on the loop; must neither block nor raise."""


_NAMES: dict[type, str] = {
    Up: "up",
    Media: "media",
    SlowLink: "slowlink",
    Gone: "gone",
    Ready: "ready",
    SourceGone: "source-gone",
    Bridge: "bridge",
    Reset: "reset",
}


def line(message: JsonObject) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def told(event: Event) -> JsonObject:
    fields: dict[str, Json] = dataclasses.asdict(event)
    return {"event": _NAMES[type(event)], **fields}


def event(message: JsonObject) -> Event | None:
    """None for one that this version does not know."""
    read = _READ.get(text(message, "event"))
    return read(message) if read else None


_READ: dict[str, Callable[[JsonObject], Event]] = {
    "up": lambda told: Up(text(told, "peer")),
    "media": lambda told: Media(text(told, "peer"), text(told, "kind"), flag(told, "receiving")),
    "slowlink": lambda told: SlowLink(text(told, "peer"), flag(told, "uplink"), number(told, "lost")),
    "gone": lambda told: Gone(text(told, "peer"), text(told, "reason")),
    "ready": lambda told: Ready(text(told, "room")),
    "source-gone": lambda told: SourceGone(text(told, "room")),
    "bridge": lambda told: Bridge(*(text(told, name) for name in ("peer", "state", "code", "words"))),
    "reset": lambda _: Reset(),
}

"""The protocol between the gateway and its clients: one JSON object a line, over a unix socket.

A request is {"id", "do", ...}, its answer {"id", "ok": {...}} or {"id", "error": {"code", "message"}}. Events come in
between, as {"event": kind, ...}. Peers are named by the client that opens them.
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
    """The media connection is up."""

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


def encode_line(message: JsonObject) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def encode_event(event: Event) -> JsonObject:
    fields: dict[str, Json] = dataclasses.asdict(event)
    return {"event": _NAMES[type(event)], **fields}


def decode_event(message: JsonObject) -> Event | None:
    """The event of this message; None for one that this version does not know."""
    read = _READ.get(text(message, "event"))
    return read(message) if read else None


_READ: dict[str, Callable[[JsonObject], Event]] = {
    "up": lambda message: Up(text(message, "peer")),
    "media": lambda message: Media(text(message, "peer"), text(message, "kind"), flag(message, "receiving")),
    "slowlink": lambda message: SlowLink(text(message, "peer"), flag(message, "uplink"), number(message, "lost")),
    "gone": lambda message: Gone(text(message, "peer"), text(message, "reason")),
    "ready": lambda message: Ready(text(message, "room")),
    "source-gone": lambda message: SourceGone(text(message, "room")),
    "bridge": lambda message: Bridge(*(text(message, name) for name in ("peer", "state", "code", "words"))),
    "reset": lambda _: Reset(),
}

"""The frames of the signalling socket, each declared once. docs/webrtc.md shows them; a test compares the two.

JSON text, one object a frame, `type` first. `sid` names one peer connection of this socket.
"""

import json
from collections.abc import Sequence
from enum import IntEnum
from typing import Literal, NotRequired, TypedDict

FRAME_BYTES = 48 * 1024
SDP_CHARACTERS = 32 * 1024
CANDIDATE_CHARACTERS = 1024
STATES = ("connected", "disconnected", "failed")


class Close(IntEnum):
    """Why the server closes; the same numbers as of the room socket (chat/frames/registry.py)."""

    MALFORMED = 4400
    UNAUTHORISED = 4401
    FORBIDDEN = 4403
    UNKNOWN_ROOM = 4404
    SILENT = 4408
    FLOOD = 4429
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTARTING = 1012


# --- what a client may send ----------------------------------------------------------------------------------
class CandidateInit(TypedDict):
    """RTCIceCandidateInit."""

    candidate: str
    sdpMid: NotRequired[str | None]
    sdpMLineIndex: NotRequired[int | None]


class Publish(TypedDict):
    type: Literal["publish"]
    sdp: str


class Subscribe(TypedDict):
    type: Literal["subscribe"]


class AnswerSent(TypedDict):
    type: Literal["answer"]
    sid: str
    sdp: str


class CandidateSent(TypedDict):
    type: Literal["candidate"]
    sid: str
    candidate: CandidateInit | None


class Restart(TypedDict):
    type: Literal["restart"]
    sid: str
    sdp: NotRequired[str]


class StateSent(TypedDict):
    type: Literal["state"]
    sid: str
    state: str


class Leave(TypedDict):
    type: Literal["leave"]
    sid: str


class Ping(TypedDict):
    type: Literal["ping"]
    at: int


type Command = Publish | Subscribe | AnswerSent | CandidateSent | Restart | StateSent | Leave | Ping
INBOUND: tuple[type, ...] = (Publish, Subscribe, AnswerSent, CandidateSent, Restart, StateSent, Leave, Ping)


# --- what the server sends -----------------------------------------------------------------------------------
class IceServer(TypedDict):
    """RTCIceServer; a STUN server has no credential."""

    urls: Sequence[str]
    username: NotRequired[str]
    credential: NotRequired[str]


class Limits(TypedDict):
    """What a publisher should send at most: bits a second, pixels, frames a second."""

    video_bitrate: int
    audio_bitrate: int
    width: int
    height: int
    fps: int


class Hello(TypedDict):
    type: Literal["hello"]
    role: str
    ice_servers: Sequence[IceServer]
    ice_expires_at: int
    ready: bool
    mode: str
    limits: Limits
    server_time: int


class Answer(TypedDict):
    type: Literal["answer"]
    sid: str
    sdp: str


class Offer(TypedDict):
    type: Literal["offer"]
    sid: str
    sdp: str


class UpNow(TypedDict):
    type: Literal["up"]
    sid: str


class MediaNow(TypedDict):
    type: Literal["media"]
    sid: str
    kind: str
    receiving: bool


class SlowLinkNow(TypedDict):
    type: Literal["slowlink"]
    sid: str
    uplink: bool
    lost: int


class ReadyNow(TypedDict):
    type: Literal["ready"]


class GoneNow(TypedDict):
    type: Literal["gone"]


class Reconnect(TypedDict):
    type: Literal["reconnect"]
    sid: str
    reason: str


class BridgeNow(TypedDict):
    type: Literal["bridge"]
    state: str
    code: str
    words: str


class ModeNow(TypedDict):
    type: Literal["mode"]
    mode: str


# `for` is a keyword of Python.
Refused = TypedDict(
    "Refused",
    {
        "type": Literal["error"],
        "code": str,
        "message": str,
        "for": NotRequired[str],
        "sid": NotRequired[str],
        "retry_after": NotRequired[int],
    },
)


class Pong(TypedDict):
    type: Literal["pong"]
    at: int


type Negotiation = Answer | Offer | UpNow | MediaNow | SlowLinkNow | Reconnect
type Frame = Hello | Negotiation | ReadyNow | GoneNow | BridgeNow | ModeNow | Refused | Pong
OUTBOUND: tuple[type, ...] = (
    *(Hello, Answer, Offer, UpNow, MediaNow, SlowLinkNow, ReadyNow, GoneNow),
    *(Reconnect, BridgeNow, ModeNow, Refused, Pong),
)


def encode(frame: Frame) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))

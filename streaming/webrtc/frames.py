"""The frames of the signalling socket, each declared once: docs/webrtc.md and its JSON Schema are made from here.

JSON text, one object a frame, `type` first. `sid` names one peer connection of this socket.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fitfriends.core.frames import END, Frame, Part, about, words
from fitfriends.core.socket_docs import Socket

FRAME_BYTES = 48 * 1024
SDP_CHARACTERS = 32 * 1024
CANDIDATE_CHARACTERS = 1024
MOST_LINES = 16


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


type Sid = Annotated[
    str, words("the name of a peer connection, as this server gave it", pattern=rf"^[A-Za-z0-9_-]{{1,64}}{END}")
]
# Printable characters on lines; other alphabets are allowed in names only, and no name matters here.
type Sdp = Annotated[
    str,
    words(
        f"a session description of {SDP_CHARACTERS} characters at most",
        max_length=SDP_CHARACTERS,
        pattern=rf"^v=0\r?\n[ -~\t\r\n]+{END}",
    ),
]


# --- what a client may send ----------------------------------------------------------------------------------
class CandidateInit(Part, frozen=True):
    """An RTCIceCandidateInit, with `sdpMid` or `sdpMLineIndex`.

    An empty candidate says that there are no more (RFC 8838 section 13).
    """

    candidate: Annotated[
        str,
        words("an ICE candidate", max_length=CANDIDATE_CHARACTERS, pattern=rf"^((a=)?candidate:[ -~]+)?{END}"),
    ]
    sdpMid: Annotated[str, words("the name of its media", pattern=rf"^[!-~]{{0,32}}{END}")] | None = None  # noqa: N815
    sdpMLineIndex: Annotated[int, Meta(ge=0, le=MOST_LINES - 1)] | None = None  # noqa: N815

    def __post_init__(self) -> None:
        is_named = bool(self.sdpMid) or (self.sdpMid is None and self.sdpMLineIndex is not None)
        if self.candidate and not is_named:
            raise ValueError("A candidate names its media.")

    @property
    def line(self) -> str:
        """The attribute without its prefix; empty after the last one."""
        return self.candidate.removeprefix("a=")


class Publish(Frame, frozen=True, tag="publish"):
    """Once more ends the connection before. Answered by `answer`."""

    sdp: Sdp


class Subscribe(Frame, frozen=True, tag="subscribe"):
    """Once more ends the connection before. Answered by `offer`."""


class AnswerSent(Frame, frozen=True, tag="answer"):
    """To an `offer`."""

    sid: Sid
    sdp: Sdp


class CandidateSent(Frame, frozen=True, tag="candidate"):
    """Candidates as they come."""

    sid: Sid
    candidate: Annotated[
        CandidateInit | None,
        words("an RTCIceCandidateInit with sdpMid or sdpMLineIndex, or null"),
        about("see [CandidateInit](#candidateinit); null when there are no more"),
    ] = None


class Restart(Frame, frozen=True, tag="restart"):
    """ICE again, on the connection that you have.

    A publisher sends a fresh offer and gets `answer`; a viewer sends no `sdp` and gets `offer`.
    """

    sid: Sid
    sdp: Sdp | None = None


class StateSent(Frame, frozen=True, tag="state"):
    """What your `connectionState` became. After `failed` the connection is over."""

    sid: Sid
    state: Literal["connected", "disconnected", "failed"]


class Leave(Frame, frozen=True, tag="leave"):
    """Ends one connection; the socket stays. Not answered."""

    sid: Sid


class Ping(Frame, frozen=True, tag="ping"):
    """Every 2 seconds while you publish or watch. Answered by `pong`."""

    at: Annotated[float, words("a number, your clock in milliseconds", ge=0, lt=2**53), about("it comes back")] = 0


type Command = Publish | Subscribe | AnswerSent | CandidateSent | Restart | StateSent | Leave | Ping
INBOUND: tuple[type[Command], ...] = (
    *(Publish, Subscribe, AnswerSent, CandidateSent),
    *(Restart, StateSent, Leave, Ping),
)


# --- what the server sends -----------------------------------------------------------------------------------
class IceServer(Part, frozen=True, omit_defaults=True):
    """An RTCIceServer; a STUN server has no credential."""

    urls: Sequence[str]
    username: str = ""
    credential: str = ""


class PublishLimits(Part, frozen=True):
    """What a publisher should send at most: bits a second, pixels, frames a second."""

    video_bitrate: int
    audio_bitrate: int
    width: int
    height: int
    fps: int


class Hello(Frame, frozen=True, tag="hello"):
    """The first frame."""

    role: Annotated[str, about("`publisher` or `viewer`, as the database says now")]
    ice_servers: Annotated[Sequence[IceServer], about("for `RTCPeerConnection`; the credentials are yours alone")]
    ice_expires_at: Annotated[int, about("the credentials serve until then; connect again for fresh ones")]
    ready: Annotated[bool, about("there is something to watch")]
    mode: Annotated[str, about("`interactive` or `broadcast`")]
    limits: Annotated[PublishLimits, about("what a publisher should send at most")]
    server_time: int


class Answer(Frame, frozen=True, tag="answer"):
    """To `publish`, and to a publisher's `restart`. Holds all our candidates."""

    sid: str
    sdp: str


class Offer(Frame, frozen=True, tag="offer"):
    """To `subscribe`, and to a viewer's `restart`."""

    sid: str
    sdp: str


class UpNow(Frame, frozen=True, tag="up"):
    """The connection stands."""

    sid: str


class MediaNow(Frame, frozen=True, tag="media"):
    """Whether this kind of a publisher's media arrives at the SFU. Neither for 5 seconds: the connection ends."""

    sid: str
    kind: Annotated[str, about("`audio` or `video`")]
    receiving: bool


class SlowLinkNow(Frame, frozen=True, tag="slowlink"):
    """Packets get lost. Send less."""

    sid: str
    uplink: Annotated[bool, about("on the way from you")]
    lost: int


class ReadyNow(Frame, frozen=True, tag="ready"):
    """There is something to watch: subscribe now."""


class GoneNow(Frame, frozen=True, tag="gone"):
    """Nobody publishes any more. Keep the socket."""


class Reconnect(Frame, frozen=True, tag="reconnect"):
    """That connection is over: publish or subscribe again with a new one.

    With `bridge` the ingest had refused the picture, after a change of the key for instance; the next `publish` says
    what is in the way.
    """

    sid: str
    reason: Annotated[str, about("for your log")]


class BridgeNow(Frame, frozen=True, tag="bridge"):
    """To a publisher: whether the picture reaches those who watch by HLS."""

    state: Annotated[str, about("`starting`, `running`, `failed` or `ended`")]
    code: str
    words: Annotated[str, about("for the publisher to read")]


class ModeNow(Frame, frozen=True, tag="mode"):
    """The class's mode changed; see `POST .../sessions/<id>/mode`."""

    mode: str


class Refused(Frame, frozen=True, tag="error", omit_defaults=True):
    """A frame of yours, or a connection, that was refused. The socket stays open."""

    code: Annotated[str, about("one of the [error codes](#error-codes)")]
    message: Annotated[str, about("words for a person")]
    # `for` is a keyword of Python.
    of_type: Annotated[str, about("the type of your frame that was refused, where there was one")] = msgspec.field(
        name="for", default=""
    )
    sid: Annotated[str, about("the connection it is about, where there is one")] = ""
    retry_after: Annotated[int, about("seconds after which it may help to ask again, where it may")] = 0


class Pong(Frame, frozen=True, tag="pong"):
    """The answer to `ping`."""

    at: int


type Negotiation = Answer | Offer | UpNow | MediaNow | SlowLinkNow | Reconnect
type Outbound = Hello | Negotiation | ReadyNow | GoneNow | BridgeNow | ModeNow | Refused | Pong
OUTBOUND: tuple[type[Outbound], ...] = (
    *(Hello, Answer, Offer, UpNow, MediaNow, SlowLinkNow, ReadyNow, GoneNow),
    *(Reconnect, BridgeNow, ModeNow, Refused, Pong),
)
SOCKET = Socket("signalling", "webrtc.md", "The signalling socket", INBOUND, OUTBOUND)

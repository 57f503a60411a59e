"""Reads a client's frames: bounds first, then the few shapes that protocol.py declares."""

import json
import re
from collections.abc import Callable, Mapping
from typing import cast

from streaming.webrtc.errors import BadCandidate, BadSdp, Malformed, TooBig, Unknown
from streaming.webrtc.frames import (
    CANDIDATE_CHARACTERS,
    FRAME_BYTES,
    SDP_CHARACTERS,
    STATES,
    AnswerSent,
    CandidateInit,
    CandidateSent,
    Command,
    Leave,
    Ping,
    Publish,
    Restart,
    StateSent,
    Subscribe,
)

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_MID = re.compile(r"[!-~]{1,32}\Z")
_CANDIDATE = re.compile(r"(?:a=)?candidate:[ -~]+\Z")
# Printable characters on lines; other alphabets are allowed in names only, and no name matters here.
_SDP = re.compile(r"v=0\r?\n[ -~\t\r\n]+\Z")
_MOST_LINES = 16
_BIGGEST = 2**53


def parse(text: str | None) -> Command:
    """None stands for a binary frame. Raises Malformed, Unknown, TooBig, BadSdp or BadCandidate."""
    if text is None:
        raise Malformed("Frames are text.")
    # A character has one byte at least: a long frame is refused before it is encoded.
    if len(text) > FRAME_BYTES or len(text.encode(errors="surrogatepass")) > FRAME_BYTES:
        raise TooBig(f"A frame holds {FRAME_BYTES} bytes at most.")
    try:
        content: object = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:  # also whole numbers of thousands of digits
        raise Malformed("A frame is a JSON object.") from error
    if not isinstance(content, dict):
        raise Malformed("A frame is a JSON object.")
    fields = cast("dict[str, object]", content)
    name = fields.get("type")
    reader = READERS.get(name) if isinstance(name, str) else None
    if reader is None:
        raise Unknown
    return reader(fields)


def sid_of(text: str | None) -> str | None:
    """Of a frame that was refused, to say so; whatever it is otherwise."""
    try:
        content: object = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    sid = content.get("sid") if isinstance(content, dict) else None
    return sid if isinstance(sid, str) and _SID.match(sid) else None


def _no_constant(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are not JSON


type _Fields = Mapping[str, object]


def checked_sdp(sdp: object) -> str:
    """Text that may be one; what it says is for the gateway to judge. Raises BadSdp."""
    if not isinstance(sdp, str) or len(sdp) > SDP_CHARACTERS or not _SDP.match(sdp):
        raise BadSdp(f"sdp is a session description of {SDP_CHARACTERS} characters at most.")
    return sdp


def _sid(fields: _Fields) -> str:
    sid = fields.get("sid")
    if not isinstance(sid, str) or not _SID.match(sid):
        raise Malformed("sid is the name of a peer connection, as this server gave it.")
    return sid


def _publish(fields: _Fields) -> Publish:
    return {"type": "publish", "sdp": checked_sdp(fields.get("sdp"))}


def _subscribe(_: _Fields) -> Subscribe:
    return {"type": "subscribe"}


def _answer(fields: _Fields) -> AnswerSent:
    return {"type": "answer", "sid": _sid(fields), "sdp": checked_sdp(fields.get("sdp"))}


def _candidate(fields: _Fields) -> CandidateSent:
    sid, given = _sid(fields), fields.get("candidate")
    if given is None:
        return {"type": "candidate", "sid": sid, "candidate": None}
    if not isinstance(given, dict):
        raise BadCandidate
    return {"type": "candidate", "sid": sid, "candidate": checked_candidate(cast("dict[str, object]", given))}


def checked_candidate(given: Mapping[str, object]) -> CandidateInit | None:
    """None: there are no more. An empty line says the same (RFC 8838 section 13). Raises BadCandidate."""
    line, mid, index = given.get("candidate"), given.get("sdpMid"), given.get("sdpMLineIndex")
    if line == "":
        return None
    if not isinstance(line, str) or len(line) > CANDIDATE_CHARACTERS or not _CANDIDATE.match(line):
        raise BadCandidate
    if mid is not None and not (isinstance(mid, str) and _MID.match(mid)):
        raise BadCandidate
    if index is not None and not (type(index) is int and 0 <= index < _MOST_LINES):
        raise BadCandidate
    if mid is None and index is None:
        raise BadCandidate("A candidate names its media by sdpMid or sdpMLineIndex.")
    return {"candidate": line.removeprefix("a="), "sdpMid": mid, "sdpMLineIndex": index}


def _restart(fields: _Fields) -> Restart:
    found: Restart = {"type": "restart", "sid": _sid(fields)}
    if fields.get("sdp") is not None:
        found["sdp"] = checked_sdp(fields["sdp"])
    return found


def _state(fields: _Fields) -> StateSent:
    state = fields.get("state")
    if not isinstance(state, str) or state not in STATES:
        raise Malformed(f"state is one of {', '.join(STATES)}.")
    return {"type": "state", "sid": _sid(fields), "state": state}


def _leave(fields: _Fields) -> Leave:
    return {"type": "leave", "sid": _sid(fields)}


def _ping(fields: _Fields) -> Ping:
    at = fields.get("at", 0)
    if not isinstance(at, int | float) or isinstance(at, bool) or not 0 <= at < _BIGGEST:
        raise Malformed("at is a number, your clock in milliseconds.")
    return {"type": "ping", "at": int(at)}


READERS: dict[str, Callable[[_Fields], Command]] = {
    "publish": _publish,
    "subscribe": _subscribe,
    "answer": _answer,
    "candidate": _candidate,
    "restart": _restart,
    "state": _state,
    "leave": _leave,
    "ping": _ping,
}

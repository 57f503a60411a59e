"""Reads a client's frames into the structs of frames.py, and gives what cannot be read its code."""

from collections.abc import Callable
from typing import cast

from fitfriends.core import frames as core
from streaming.webrtc.errors import BadCandidate, BadSdp, Malformed, TooBig, Unknown
from streaming.webrtc.frames import FRAME_BYTES, INBOUND, CandidateInit, Command, Sdp, Sid

_reader = core.Reader[Command](INBOUND)
# The fields that have a code of their own.
_FAMILIES: dict[str, Callable[[str], Exception]] = {"sdp": BadSdp, "candidate": BadCandidate}


def parse(text: str | None) -> Command:
    """None stands for a binary frame. Raises Malformed, Unknown, TooBig, BadSdp or BadCandidate."""
    if text is None:
        raise Malformed("Frames are text.")
    try:
        return _reader.read(_object(text))
    except core.UnknownType as error:
        raise Unknown from error
    except core.BadField as fault:
        raise _FAMILIES.get(fault.name, Malformed)(str(fault)) from fault


def sid_of(text: str | None) -> str | None:
    """Of a frame that was refused, to say so; whatever it is otherwise."""
    try:
        sid: str = core.as_field(_object(text or "").get("sid"), Sid)
    except (Malformed, core.BadField):
        return None
    return sid


def checked_sdp(sdp: str) -> str:
    """Text that may be one; what it says is for the gateway to judge. Raises BadSdp."""
    try:
        checked: str = core.as_field(sdp, Sdp)
    except core.BadField as fault:
        raise BadSdp(str(fault)) from fault
    return checked


def checked_candidate(line: str, *, mid: str | None, index: int) -> CandidateInit:
    """Raises BadCandidate."""
    try:
        found: CandidateInit = core.as_field(
            {"candidate": line, "sdpMid": mid, "sdpMLineIndex": index}, CandidateInit
        )
    except core.BadField as fault:
        raise BadCandidate from fault
    return found


def _object(text: str) -> dict[str, object]:
    """Raises TooBig or Malformed."""
    try:
        content = core.read_json(text, most=FRAME_BYTES)
    except core.TooBig as error:
        raise TooBig(f"A frame holds {FRAME_BYTES} bytes at most.") from error
    except core.Unreadable as error:
        raise Malformed("A frame is a JSON object.") from error
    if not isinstance(content, dict):
        raise Malformed("A frame is a JSON object.")
    return cast("dict[str, object]", content)

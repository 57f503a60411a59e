"""Checks ICE candidates of clients before Janus sees them (RFC 8839 5.1)."""

import ipaddress
import re

from media_worker.sfu.errors import CANDIDATE, SfuError
from media_worker.sfu.gateway.protocol import Candidate
from media_worker.sfu.janus.fields import JsonObject

_LONGEST = 512
_GRAMMAR = re.compile(
    r"candidate:(?P<foundation>[A-Za-z0-9+/]{1,32}) (?P<component>\d{1,3}) (?P<transport>[A-Za-z]{3,8}) "
    r"(?P<priority>\d{1,10}) (?P<address>[A-Za-z0-9.:-]{1,253}) (?P<port>\d{1,5}) typ (?P<type>[a-z]{4,5})"
    r"(?: raddr [A-Za-z0-9.:-]{1,253} rport \d{1,5})?(?: [A-Za-z0-9-]{1,32} [A-Za-z0-9+/.:_-]{1,64}){0,8}"
)
_TYPES = frozenset({"host", "srflx", "prflx", "relay"})
_MID = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}")


def useful(line: str) -> bool:
    """Whether Janus can do something with it. Raises SfuError(webrtc:candidate) for what is not a candidate.

    mDNS names, TCP, and addresses that cannot be a peer's are ignored without an error: browsers send them.
    """
    found = _GRAMMAR.fullmatch(line) if len(line) <= _LONGEST else None
    if not found or found["type"] not in _TYPES or not 1 <= int(found["component"]) <= 256:
        raise SfuError(CANDIDATE, "This is not an ICE candidate.")
    if int(found["port"]) > 65535 or int(found["priority"]) > 2**32 - 1:
        raise SfuError(CANDIDATE, "This is not an ICE candidate.")
    if found["transport"].lower() != "udp" or found["address"].lower().endswith(".local") or found["port"] == "0":
        return False
    try:
        address = ipaddress.ip_address(found["address"])
    except ValueError as error:
        raise SfuError(CANDIDATE, "A candidate's address must be a number.") from error
    return not (address.is_loopback or address.is_multicast or address.is_unspecified)


def checked(candidate: Candidate) -> JsonObject | None:
    """The candidate as Janus takes it, or None for one that it need not know. Raises SfuError(webrtc:candidate)."""
    mid, index = candidate.sdp_mid, candidate.sdp_mline_index
    if mid is not None and not _MID.fullmatch(mid):
        raise SfuError(CANDIDATE, "sdpMid is malformed.")
    if index is not None and not 0 <= index <= 7:
        raise SfuError(CANDIDATE, "sdpMLineIndex is out of range.")
    if mid is None and index is None:
        raise SfuError(CANDIDATE, "A candidate needs sdpMid or sdpMLineIndex.")
    line = candidate.candidate.removeprefix("a=").strip()
    if not line or not useful(line):
        return None
    fields: JsonObject = {"candidate": line}
    return (
        fields
        | ({"sdpMid": mid} if mid is not None else {})
        | ({"sdpMLineIndex": index} if index is not None else {})
    )

"""RTP and RTCP as bytes (RFC 3550)."""

import struct
from typing import NamedTuple

_VERSION = 2
_FIXED = 12
# RFC 5761, 4: these types in the second byte are RTCP where both share a port.
_RTCP_TYPES = range(192, 224)
_SENDER_REPORT, _DESCRIPTION = 200, 202
_CNAME = b"bridge"
_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
_REPORT = struct.Struct("!BBHIQIII")


class Rtp(NamedTuple):
    """One packet's header, and where its payload lies in the datagram."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def parse(datagram: bytes) -> Rtp | None:
    """None for what is not RTP: too short, another version, RTCP, lengths that lead outside."""
    if len(datagram) < _FIXED or datagram[0] >> 6 != _VERSION or datagram[1] in _RTCP_TYPES:
        return None
    first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", datagram)
    start = _FIXED + 4 * (first & 0x0F)
    if first & 0x10:
        if len(datagram) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4])
    end = len(datagram) - (datagram[-1] if first & 0x20 else 0)
    if start > end:
        return None
    return Rtp(bool(second & 0x80), second & 0x7F, sequence, timestamp, ssrc, datagram[start:end])


def sender_report(ssrc: int, *, at: float, timestamp: int, packets: int, octets: int) -> bytes:
    """SR and CNAME (6.4.1, 6.5): the RTP timestamp that belongs to `at`, in seconds since 1970."""
    ntp = round((at + _NTP_EPOCH) * (1 << 32)) & 0xFFFF_FFFF_FFFF_FFFF
    low = 0xFFFF_FFFF
    report = _REPORT.pack(0x80, _SENDER_REPORT, 6, ssrc, ntp, timestamp & low, packets & low, octets & low)
    item = bytes([1, len(_CNAME)]) + _CNAME
    chunk = struct.pack("!I", ssrc) + item + bytes(4 - len(item) % 4)
    return report + struct.pack("!BBH", 0x81, _DESCRIPTION, len(chunk) // 4) + chunk


def ahead(newer: int, older: int) -> int:
    """How many sequence numbers `newer` is ahead, negative when it is behind (RFC 1982)."""
    return (newer - older + 0x8000) % 0x10000 - 0x8000

"""What a packet of video says: keyframes, sizes, parameter sets, B-frames (RFC 6184, RFC 7741)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from media_worker.packager import sps
from media_worker.packager.boxes import BoxError

_SLICE, _IDR, _SPS, _PPS = 1, 5, 7, 8
_STAP_A, _FU_A = 24, 28
_VP8_START = b"\x9d\x01\x2a"
# Slice types of bidirectional pictures (ISO/IEC 14496-10, table 7-6).
_B_SLICES = {1, 6}


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What a decoder is made for: equal formats need no new decoder. `sps` and `pps` only for H.264."""

    codec: str
    width: int = 0
    height: int = 0
    sps: bytes = b""
    pps: bytes = b""


@dataclass(slots=True)
class KeyframeDetector:
    """Reads the packets of one H.264 or VP8 stream in turn. `video_format` is that of the newest keyframe."""

    codec: str
    video_format: VideoFormat | None = None
    has_b_frames: bool = False
    _sps: bytes = field(default=b"", init=False)
    _pps: bytes = field(default=b"", init=False)

    def keyframe(self, payload: bytes) -> bool:
        """Whether a keyframe, or the parameter sets before it, begins in this packet."""
        return self._vp8(payload) if self.codec == "vp8" else self._h264(payload)

    def _h264(self, payload: bytes) -> bool:
        """Parameter sets count as the beginning: they belong to the keyframe, and copies need them."""
        begins = complete = False
        for unit, whole in _units(payload):
            kind = unit[0] & 0x1F
            if kind == _SPS and whole:
                self._sps = unit
                begins = True
            elif kind == _PPS and whole:
                self._pps = unit
                complete = begins
            elif kind == _IDR:
                begins = complete = True
            elif kind == _SLICE:
                self._slice(unit)
        if complete and self._sps and self._pps and self._stale(self._sps, self._pps):
            width, height = _size(self._sps)
            self.video_format = VideoFormat("h264", width, height, self._sps, self._pps)
        return begins and self.video_format is not None

    def _stale(self, parameters: bytes, more: bytes) -> bool:
        return self.video_format is None or (self.video_format.sps, self.video_format.pps) != (parameters, more)

    def _slice(self, unit: bytes) -> None:
        try:
            bits = sps.Bits(unit[1:12])
            bits.golomb()  # first macroblock
            self.has_b_frames |= bits.golomb() in _B_SLICES
        except BoxError:
            return

    def _vp8(self, payload: bytes) -> bool:
        """RFC 7741, 4.2: the descriptor; RFC 6386, 9.1: the frame's header."""
        start = _vp8_frame(payload)
        frame = payload[start : start + 10]
        if not start or len(frame) < 10 or frame[0] & 1 or frame[3:6] != _VP8_START:
            return False
        width = int.from_bytes(frame[6:8], "little") & 0x3FFF
        height = int.from_bytes(frame[8:10], "little") & 0x3FFF
        self.video_format = VideoFormat("vp8", width, height)
        return True


def _units(payload: bytes) -> Iterator[tuple[bytes, bool]]:
    """The units that begin in this packet, and whether each is whole. Fragments get their unit's own header."""
    if len(payload) < 2:
        return
    kind = payload[0] & 0x1F
    if kind == _STAP_A:
        place = 1
        while place + 2 < len(payload):
            size = int.from_bytes(payload[place : place + 2])
            unit = payload[place + 2 : place + 2 + size]
            if unit:
                yield unit, len(unit) == size
            place += 2 + size
    elif kind == _FU_A:
        if payload[1] & 0x80:
            yield bytes([payload[0] & 0xE0 | payload[1] & 0x1F]) + payload[2:], False
    elif 0 < kind < _STAP_A:
        yield payload, True


def _vp8_frame(payload: bytes) -> int:
    """Where the frame's header begins; 0 when none does in this packet."""
    if not payload or not payload[0] & 0x10 or payload[0] & 0x0F:
        return 0
    place = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return 0
        more, place = payload[1], 2
        if more & 0x80:
            place += 2 if len(payload) > place and payload[place] & 0x80 else 1
        place += bool(more & 0x40)
        place += bool(more & 0x30)
    return place


def _size(unit: bytes) -> tuple[int, int]:
    """Zeros where it cannot be read."""
    try:
        return sps.size(unit)
    except BoxError:
        return 0, 0

"""Boxes made by hand, as ffmpeg's mp4 muxer makes them: small enough to reason about."""

import struct
from collections.abc import Iterator
from fractions import Fraction

from media_worker.packager.fragments import Fragment, FragmentReader, InitSegment

TIMESCALE = 90_000
VIDEO, AUDIO = 1, 2
_NOT_SYNC, _SYNC = 0x01010000, 0x02000000


def box(kind: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind.encode()) + body


def full(kind: str, flags: int, *parts: bytes, version: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def u32(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def init(*, audio: bool = False, width: int = 1280, height: int = 720) -> bytes:
    avcc = box("avcC", bytes([1, 0x64, 0x00, 0x1F, 0xFF]))
    visual = bytes(24) + struct.pack(">HH", width, height) + bytes(50)
    tracks = [_trak(VIDEO, "vide", TIMESCALE, box("avc1", visual, avcc))]
    trex = [full("trex", 0, u32(VIDEO, 1, 0, 0, 0))]
    if audio:
        decoder = bytes([0x04, 17, 0x40, 0x15]) + bytes(11) + bytes([0x05, 2, 0x11, 0x90])
        es = bytes([0x03, 3 + len(decoder), 0, 2, 0]) + decoder
        tracks.append(_trak(AUDIO, "soun", 48_000, box("mp4a", bytes(28), full("esds", 0, es))))
        trex.append(full("trex", 0, u32(AUDIO, 1, 1024, 0, 0)))
    return box("ftyp", b"iso5") + box("moov", *tracks, box("mvex", *trex))


def _trak(number: int, kind: str, timescale: int, entry: bytes) -> bytes:
    stbl = box("stbl", full("stsd", 0, u32(1), entry))
    media = box(
        "mdia",
        full("mdhd", 0, u32(0, 0, timescale, 0)),
        full("hdlr", 0, u32(0), kind.encode(), bytes(12)),
        box("minf", stbl),
    )
    return box("trak", full("tkhd", 0, u32(0, 0, number)), media)


def fragment(start: int, frames: int, *, key: bool, fps: int = 30, payload: bytes = b"picture") -> bytes:
    """A moof and mdat with this many frames, beginning at frame number `start`."""
    step = TIMESCALE // fps
    flags = _SYNC if key else _NOT_SYNC
    traf = box(
        "traf",
        full("tfhd", 0x020028, u32(VIDEO, step, _NOT_SYNC)),
        full("tfdt", 0, struct.pack(">Q", start * step), version=1),
        full("trun", 0x000205, u32(frames, 0, flags), b"".join(u32(7) for _ in range(frames))),
    )
    return box("moof", full("mfhd", 0, u32(1)), traf) + box("mdat", payload)


def sound(payload: bytes = b"sound") -> bytes:
    """A fragment without a picture."""
    traf = box(
        "traf",
        full("tfhd", 0x020000, u32(AUDIO)),
        full("tfdt", 0, struct.pack(">Q", 0), version=1),
        full("trun", 0x000001, u32(1, 0)),
    )
    return box("moof", full("mfhd", 0, u32(1)), traf) + box("mdat", payload)


def stream(segments: list[int], *, first_frame: int = 0, part: int = 6) -> Iterator[bytes]:
    """Fragments of segments that have these many frames each, a keyframe at the head of each."""
    at = first_frame
    for frames in segments:
        for offset in range(0, frames, part):
            yield fragment(at + offset, min(part, frames - offset), key=offset == 0)
        at += frames


def read(*chunks: bytes, audio: bool = False) -> list[Fragment]:
    reader = FragmentReader()
    found = list(reader.feed(init(audio=audio)))
    assert isinstance(found[0], InitSegment)
    return [item for chunk in chunks for item in reader.feed(chunk) if isinstance(item, Fragment)]


def seconds(frames: int) -> Fraction:
    return Fraction(frames, 30)

"""The single frames of a fragment: when each is decoded, and how much later it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from media_worker.packager.boxes import child, children, u8, u32
from media_worker.packager.fragments import MAX_SAMPLES, Fragment
from media_worker.packager.init import Init

_DATA_OFFSET, _FIRST_FLAGS = 0x1, 0x4
_DURATION, _SIZE, _FLAGS, _OFFSET = 0x100, 0x200, 0x400, 0x800
_SIGN = 1 << 31


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the run's time line at which each frame is decoded, and from there to when it is shown."""

    times: tuple[float, ...]
    offsets: tuple[float, ...]


def read(info: Init, fragment: Fragment) -> Timing:
    """The frames of a fragment's video. Raises BoxError on what ffmpeg does not write."""
    video = info.video
    moof = next(body for kind, body in children(memoryview(fragment.data)) if kind == "moof")
    durations: list[int] = []
    offsets: list[int] = []
    for kind, traf in children(moof):
        if kind != "traf":
            continue
        header = child(traf, "tfhd")
        if u32(header, 4) != video.id:
            continue
        usual = _usual_duration(header, video.default_duration)
        for inner_kind, trun in children(traf):
            if inner_kind == "trun":
                for duration, offset in _samples(trun, usual):
                    durations.append(duration)
                    offsets.append(offset)
    scale = video.timescale
    starts = accumulate(durations[:-1], initial=0)
    begin = float(fragment.start)
    return Timing(tuple(begin + at / scale for at in starts), tuple(offset / scale for offset in offsets))


def _usual_duration(tfhd: memoryview, default: int) -> int:
    flags = u32(tfhd, 0)
    at = 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    return u32(tfhd, at) if flags & 0x8 else default


def _samples(trun: memoryview, usual: int) -> Iterator[tuple[int, int]]:
    flags, count = u32(trun, 0), min(u32(trun, 4), MAX_SAMPLES)
    at = 8 + (4 if flags & _DATA_OFFSET else 0) + (4 if flags & _FIRST_FLAGS else 0)
    signed = u8(trun, 0) > 0
    for _ in range(count):
        duration, offset = usual, 0
        if flags & _DURATION:
            duration = u32(trun, at)
            at += 4
        at += 4 * bool(flags & _SIZE) + 4 * bool(flags & _FLAGS)
        if flags & _OFFSET:
            offset = u32(trun, at)
            at += 4
            if signed and offset >= _SIGN:
                offset -= 2 * _SIGN
        yield duration, offset

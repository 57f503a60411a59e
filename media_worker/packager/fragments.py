"""Fragments: what ffmpeg hands over at a time, a moof box with its mdat."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from media_worker.packager import init as init_segment
from media_worker.packager.boxes import Box, BoxError, BoxReader, child, children, u8, u32, u64
from media_worker.packager.init import Init, Track

_NOT_SYNC = 0x00010000
# More samples than this in a fifth of a second is not media.
MAX_SAMPLES = 20_000


@dataclass(frozen=True, slots=True)
class Fragment:
    """One moof and mdat. Times are seconds on the run's time line; `frames` counts video samples."""

    data: bytes
    start: Fraction
    duration: Fraction
    frames: int
    independent: bool

    @property
    def end(self) -> Fraction:
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class InitSegment:
    data: bytes
    info: Init


class FragmentReader:
    """Turns a pipe's bytes into one InitSegment and then Fragments. Raises BoxError on anything else."""

    def __init__(self) -> None:
        self._boxes = BoxReader()
        self._head = b""
        self._moof = b""
        self._init: Init | None = None

    def feed(self, data: bytes) -> Iterator[InitSegment | Fragment]:
        for box in self._boxes.feed(data):
            item = self._accept(box)
            if item is not None:
                yield item

    def _accept(self, box: Box) -> InitSegment | Fragment | None:
        match box.kind:
            case "ftyp":
                self._head = box.data
            case "moov":
                self._init = init_segment.parse(box.body)
                return InitSegment(self._head + box.data, self._init)
            case "moof":
                if self._moof:
                    raise BoxError("a moof without its mdat")
                self._moof = box.data
            case "mdat":
                return self._fragment(box)
            case "styp" | "sidx" | "free" | "prft" | "mfra" | "emsg":
                pass  # nothing a segment needs
            case _:
                raise BoxError(f"an unexpected {box.kind} box")
        return None

    def _fragment(self, mdat: Box) -> Fragment:
        if self._init is None or not self._moof:
            raise BoxError("an mdat without its moof")
        moof, self._moof = self._moof, b""
        return describe(self._init, moof, moof + mdat.data)


def describe(info: Init, moof: bytes, data: bytes) -> Fragment:
    """Times and frames of a fragment. One without video has none of either."""
    video = info.video
    for kind, traf in children(memoryview(moof)[8:]):
        if kind != "traf":
            continue
        run = _read_traf(info, traf)
        if run.track.id == video.id and run.samples:
            start, duration = Fraction(run.start, video.timescale), Fraction(run.duration, video.timescale)
            return Fragment(data, start, duration, run.samples, run.independent)
    return Fragment(data, Fraction(0), Fraction(0), 0, independent=False)


@dataclass(slots=True)
class _Traf:
    """One track's share of a fragment, in the track's own clock."""

    track: Track
    default_duration: int
    default_flags: int
    start: int = 0
    duration: int = 0
    samples: int = 0
    independent: bool = False


def _read_traf(info: Init, body: memoryview) -> _Traf:
    traf = _read_header(info, child(body, "tfhd"))
    for kind, inner in children(body):
        if kind == "tfdt":
            traf.start = u64(inner, 4) if u8(inner, 0) else u32(inner, 4)
        elif kind == "trun":
            _add_samples(traf, inner)
    return traf


def _read_header(info: Init, tfhd: memoryview) -> _Traf:
    flags = u32(tfhd, 0)
    track = info.track(u32(tfhd, 4))
    at = 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    duration, sample_flags = track.default_duration, track.default_flags
    if flags & 0x8:
        duration = u32(tfhd, at)
        at += 4
    if flags & 0x10:
        at += 4
    if flags & 0x20:
        sample_flags = u32(tfhd, at)
    return _Traf(track, duration, sample_flags)


def _add_samples(traf: _Traf, trun: memoryview) -> None:
    """Adds a trun's samples: how many, how long, and whether the very first can be decoded alone."""
    flags, count = u32(trun, 0), u32(trun, 4)
    if count > MAX_SAMPLES:
        raise BoxError(f"{count} samples in one fragment")
    at = 8 + (4 if flags & 0x1 else 0)
    first_flags = traf.default_flags
    if flags & 0x4:
        first_flags = u32(trun, at)
        at += 4
    size = 4 * ((flags >> 8 & 0xF).bit_count())
    if flags & 0x400 and not flags & 0x4 and count:
        # Within a sample, its flags follow duration and size, where those are present.
        first_flags = u32(trun, at + 4 * (flags >> 8 & 0x3).bit_count())
    if traf.samples == 0:
        traf.independent = not first_flags & _NOT_SYNC
    if flags & 0x100:
        traf.duration += sum(u32(trun, at + size * index) for index in range(count))
    else:
        traf.duration += traf.default_duration * count
    traf.samples += count

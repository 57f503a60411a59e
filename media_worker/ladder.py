"""Which renditions a source gets: never upscaled, on one frame rate, always with the rungs below."""

from dataclasses import dataclass, replace
from fractions import Fraction

from media_worker.enums import Quality

# Segments begin at keyframes, so this is the keyframe distance as well.
SEGMENT_SECONDS = 2
# The first segment is short: the playlist becomes playable a second sooner.
FIRST_SEGMENT_SECONDS = 1
# Six frames at 30 fps. A fragment is what the packager gets at a time.
FRAGMENT_SECONDS = Fraction(1, 5)

TOP_FPS = 30
_SLOWEST_FPS = 10
# A source slightly above a rung is brought down to it, instead of costing an encode of nearly the same size.
_SAME_AS_RUNG = 1.25
_SMALLEST_SIDE = 16
_LEAST_BITRATE = 300_000


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder as the product names it: a box that the picture fits into."""

    name: str
    long_side: int
    short_side: int
    bitrate: int
    # What the product promises at most at this size: a picture that is passed on may bring as much.
    most: int

    @property
    def pixels(self) -> int:
        return self.long_side * self.short_side

    @property
    def size(self) -> str:
        return f"{self.long_side}x{self.short_side}"


UHD = Rung("2160p", 3840, 2160, 6_000_000, 8_000_000)
HD = Rung("720p", 1280, 720, 3_000_000, 4_000_000)
SD = Rung("480p", 854, 480, 1_300_000, 2_000_000)
RUNGS = (UHD, HD, SD)
# The largest picture that is encoded live beside other work on two cores.
LARGEST_ENCODE = HD

_TOP = {Quality.UHD: UHD, Quality.AUTO: UHD, Quality.HD: HD, Quality.SD: SD}


@dataclass(frozen=True, slots=True)
class Rendition:
    name: str
    width: int
    height: int
    fps: Fraction
    bitrate: int
    # The source's own video, untouched; `bitrate` is then what it may have at most.
    copied: bool = False

    @property
    def maxrate(self) -> int:
        return self.bitrate * 107 // 100

    @property
    def bufsize(self) -> int:
        return self.bitrate


@dataclass(frozen=True, slots=True)
class Ladder:
    """Renditions from the top down, and in words why the top is not what was asked for ("" if it is)."""

    renditions: tuple[Rendition, ...]
    fps: Fraction
    note: str = ""

    @property
    def top(self) -> Rendition:
        return self.renditions[0]

    @property
    def copied(self) -> bool:
        """Whether the source's keyframes decide where segments begin: then none is longer than a segment."""
        return self.top.copied

    @property
    def gop_frames(self) -> int:
        return round(self.fps * SEGMENT_SECONDS)

    @property
    def first_frames(self) -> int:
        return self.gop_frames if self.copied else round(self.fps * FIRST_SEGMENT_SECONDS)

    @property
    def fragment_frames(self) -> int:
        return max(1, round(self.fps * FRAGMENT_SECONDS))


def build(quality: Quality, *, width: int, height: int, fps: Fraction | None) -> Ladder:
    """The ladder of a source of this size. Sizes must be positive; a missing or absurd rate counts as 30."""
    if width <= 0 or height <= 0:
        raise ValueError(f"a picture of {width}x{height} has no ladder")
    rate = output_rate(fps)
    wanted = _wanted(quality, width, height)
    top = min(wanted, LARGEST_ENCODE, key=lambda rung: rung.pixels)
    note = ""
    if top is not wanted:
        note = (
            f"The picture arrives at {width}x{height}. It is shown at up to {top.long_side}x{top.short_side}, "
            "because a larger live encode does not fit this machine."
        )
    renditions = tuple(_fit(rung, width, height, rate) for rung in RUNGS if rung.pixels <= top.pixels)
    return Ladder(renditions, rate, note)


def passing(quality: Quality, *, width: int, height: int, fps: Fraction | None) -> Ladder | None:
    """The ladder whose top is the source itself; None where its size or frame rate has to be changed for that."""
    rate = output_rate(fps)
    wanted = _wanted(quality, width, height)
    top = _fit(wanted, width, height, rate)
    if (top.width, top.height) != (width, height) or (fps is not None and fps != rate):
        return None
    lower = (_fit(rung, width, height, rate) for rung in RUNGS if rung.pixels < wanted.pixels)
    return Ladder((replace(top, bitrate=wanted.most, copied=True), *lower), rate)


def asks_for_less(quality: Quality, *, width: int, height: int) -> bool:
    """Whether the picture comes larger than it was asked for, so that it has to be made smaller."""
    return _TOP[quality].pixels < _smallest_rung_around(width, height).pixels


def carried(width: int, height: int) -> int:
    """Bits per second that the product promises at most for a picture of this size."""
    return _smallest_rung_around(width, height).most


def _wanted(quality: Quality, width: int, height: int) -> Rung:
    return min(_TOP[quality], _smallest_rung_around(width, height), key=lambda rung: rung.pixels)


def output_rate(fps: Fraction | None) -> Fraction:
    """At most 30 frames a second, by whole divisors (60 -> 30, 50 -> 25), so that motion stays even."""
    if fps is None or not 1 <= fps <= 480:
        return Fraction(TOP_FPS)
    divisor = 1
    while fps / divisor > TOP_FPS + Fraction(1, 2):
        divisor += 1
    return max(fps / divisor, Fraction(_SLOWEST_FPS)).limit_denominator(1001)


def _smallest_rung_around(width: int, height: int) -> Rung:
    long_side, short_side = max(width, height), min(width, height)
    for rung in reversed(RUNGS):
        inside = long_side <= rung.long_side and short_side <= rung.short_side
        if inside or long_side * short_side <= rung.pixels * _SAME_AS_RUNG:
            return rung
    return UHD


def _fit(rung: Rung, width: int, height: int, rate: Fraction) -> Rendition:
    """The source within the rung's box: aspect ratio kept, portrait turned, dimensions even, never larger."""
    scale = min(
        Fraction(1),
        Fraction(rung.long_side, max(width, height)),
        Fraction(rung.short_side, min(width, height)),
    )
    out_width, out_height = _even(width * scale, width), _even(height * scale, height)
    share = Fraction(out_width * out_height, rung.pixels)
    # Small pictures need more bits per pixel: half the pixels get 70 % of the bits.
    bitrate = max(_LEAST_BITRATE, int(rung.bitrate * min(1.0, float(share) ** 0.5)))
    return Rendition(rung.name, out_width, out_height, rate, bitrate)


def _even(length: Fraction, source: int) -> int:
    """4:2:0 needs even sides, x264 needs some picture at all, and rounding must not enlarge."""
    return max(_SMALLEST_SIDE, min(round(length / 2) * 2, source // 2 * 2))

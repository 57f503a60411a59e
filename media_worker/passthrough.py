"""Whether the source's own video may be the top rendition. Pure: measurements in, yes or a reason out."""

from dataclasses import dataclass
from fractions import Fraction

from media_worker import ladder
from media_worker.enums import Quality
from media_worker.ladder import SEGMENT_SECONDS, Ladder

# So many groups of pictures in a row have to be alike.
ENOUGH_GOPS = 3
# Baseline, Main and High: 8 bits, 4:2:0, and every browser plays them.
_PROFILES = {"avc1.42", "avc1.4d", "avc1.64"}
_ROUNDING = 0.1  # seconds: RTMP counts in milliseconds, encoders in frames
_EVEN = 0.03
# Above what the playlist has declared, players on narrow lines stall; an encoder's peak is not yet that.
_PEAK = 1.5
# So many times the frames that fit into their time: the muxer presses them together until time has caught up.
_SQUEEZED = 3
_CONVERTED = "Your picture is converted, not passed on as it is:"
_PROFILE = "not every player can show its profile. Set the encoder's profile to High."
_INTERVAL = f"Set the keyframe interval to {SEGMENT_SECONDS} seconds."


@dataclass(frozen=True, slots=True)
class Gop:
    frames: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Signal:
    """The source's own video as it arrived. `since_keyframe` and `span` are seconds; `span` is the bit rate's."""

    codec: str
    gops: tuple[Gop, ...]
    bitrate: int
    span: float
    since_keyframe: float


@dataclass(frozen=True, slots=True)
class PassthroughCheck:
    """`safe` is None while too little is known. `reason` says why not."""

    safe: bool | None = None
    reason: str = ""


def check(quality: Quality, *, width: int, height: int, fps: Fraction | None, signal: Signal) -> PassthroughCheck:
    """Whether a run of this source may pass its top rendition through."""
    if ladder.asks_for_less(quality, width=width, height=height):
        return PassthroughCheck(safe=False)
    passing = ladder.passing(quality, width=width, height=height, fps=fps)
    if passing is None:
        return _no(
            f"it comes at {width}x{height} with {float(fps or 0):.4g} frames a second, which has to be changed."
        )
    if reason := _objection(passing, signal):
        return _no(reason)
    return PassthroughCheck(safe=True if len(signal.gops) >= ENOUGH_GOPS else None)


def _objection(passing: Ladder, signal: Signal) -> str:
    if signal.codec and signal.codec[:7] not in _PROFILES:
        return _PROFILE
    if signal.since_keyframe > SEGMENT_SECONDS + _ROUNDING:
        return f"its keyframes are more than {SEGMENT_SECONDS} seconds apart. {_INTERVAL}"
    recent = signal.gops[-ENOUGH_GOPS:]
    if len(recent) == ENOUGH_GOPS and signal.bitrate > passing.top.maxrate:
        return _too_much(signal, passing)
    return _uneven(recent, passing)


def trouble(passing: Ladder, signal: Signal) -> str:
    """Why a source that is being passed through has to be converted from now on; "" while all is well."""
    if signal.codec and signal.codec[:7] not in _PROFILES:
        return f"{_CONVERTED} {_PROFILE}"
    last = signal.gops[-1] if signal.gops else Gop(0, 0)
    if max(last.seconds, signal.since_keyframe) > SEGMENT_SECONDS + 2 * _ROUNDING:
        return f"{_CONVERTED} its keyframes are more than {SEGMENT_SECONDS} seconds apart. {_INTERVAL}"
    if last.frames > _SQUEEZED * (1 + last.seconds * float(passing.fps)):
        return f"{_CONVERTED} its time jumped back."
    if signal.span >= 2 * SEGMENT_SECONDS - _ROUNDING and signal.bitrate > passing.top.bitrate * _PEAK:
        return f"{_CONVERTED} {_too_much(signal, passing)}"
    return ""


def no_keyframe() -> str:
    """In words: the packager found no keyframe where one had to be."""
    return f"{_CONVERTED} its keyframes did not come where they were expected. {_INTERVAL}"


def resized(width: int, height: int) -> str:
    return f"Your encoder changed its picture to {width}x{height}; the class goes on with that."


def _uneven(recent: tuple[Gop, ...], passing: Ladder) -> str:
    longest = max((gop.seconds for gop in recent), default=0)
    if longest > SEGMENT_SECONDS + _ROUNDING:
        return f"its keyframes are {longest:.1f} seconds apart. {_INTERVAL}"
    if any(gop.frames > passing.gop_frames for gop in recent) or len({gop.frames for gop in recent}) > 1:
        return f"its keyframes come unevenly. {_INTERVAL}"
    for gop in recent:
        if abs(gop.frames - gop.seconds * float(passing.fps)) > max(1.5, _EVEN * gop.frames):
            return "its frames come unevenly. Set a constant frame rate."
    return ""


def _too_much(signal: Signal, passing: Ladder) -> str:
    most = passing.top.bitrate / 1_000_000
    return (
        f"it brings {signal.bitrate / 1_000_000:.1f} Mbit/s where {most:.0f} are carried at this size. "
        f"Set the video bitrate to {passing.top.bitrate // 1000} kbit/s or less."
    )


def _no(reason: str) -> PassthroughCheck:
    return PassthroughCheck(safe=False, reason=f"{_CONVERTED} {reason}")

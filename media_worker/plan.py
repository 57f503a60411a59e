"""Chooses what a run makes of its source: passed through, encoded, or declined with a reason. Pure."""

from dataclasses import dataclass, replace
from fractions import Fraction

from media_worker import cost, ladder
from media_worker.enums import Quality
from media_worker.ladder import Ladder
from media_worker.source import Source

# Up to HD and a bit, however small the host: there would be nothing smaller to ask for.
_ALWAYS_CONVERTED = ladder.HD.pixels * 5 // 4
_TOP_ALONE = (
    "The picture arrives at {width}x{height} and is passed on as it is. "
    "Smaller qualities are left out, because making them does not fit this machine."
)
_DECLINED = (
    "The picture arrives at {width}x{height}. This machine can neither convert so large a picture nor pass it on "
    f"as it is. Set your encoder to {ladder.HD.size}, {ladder.TOP_FPS} frames a second and a keyframe every "
    f"{ladder.SEGMENT_SECONDS} seconds."
)


@dataclass(frozen=True, slots=True)
class EncoderHistory:
    """What an earlier run of the encoder has shown. `safe`: its video may be passed through; None: not known."""

    width: int
    height: int
    fps: Fraction | None
    copy_audio: bool
    safe: bool | None
    audio: bool = True


@dataclass(frozen=True, slots=True)
class Declined:
    reason: str


def choose(source: Source, quality: Quality, *, history: EncoderHistory | None, budget: float) -> Ladder | Declined:
    """Passed through where an earlier run showed that it is safe. Otherwise converted, if the host can carry that.

    A picture too large to convert is passed on by its headers' word alone; its keyframes are watched.
    """
    size = {"width": source.width, "height": source.height}
    fps = float(source.fps or 30)
    passing = ladder.passing(quality, fps=source.fps, **size)
    if passing is not None and _shown_safe(history, source):
        whole = cost.of(passing, fps=fps, **size)
        return passing if cost.fits(whole, budget=budget) else _top_alone(passing, source)
    converted = ladder.build(quality, fps=source.fps, **size)
    if cost.fits(cost.of(converted, fps=fps, **size), budget=budget):
        return converted
    known_unsafe = history is not None and history.safe is False and _same(history, source)
    if passing is not None and not known_unsafe and passing.top.name == ladder.UHD.name:
        return _top_alone(passing, source)
    if source.width * source.height <= _ALWAYS_CONVERTED:
        return converted
    return Declined(_DECLINED.format(**size))


def _shown_safe(history: EncoderHistory | None, source: Source) -> bool:
    return history is not None and history.safe is True and _same(history, source)


def _same(history: EncoderHistory, source: Source) -> bool:
    return (history.width, history.height, history.fps) == (source.width, source.height, source.fps)


def _top_alone(passing: Ladder, source: Source) -> Ladder:
    note = _TOP_ALONE.format(width=source.width, height=source.height)
    return replace(passing, renditions=(passing.top,), note=note if len(passing.renditions) > 1 else "")

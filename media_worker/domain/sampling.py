"""Folds a run's signal reports into samples of ten seconds. Pure: reports and monotonic times in, samples out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from media_worker.process.contract import SignalReport

# A chart of an eight-hour class has 2,880 of them, and a line that breaks for a few seconds still shows.
SAMPLE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Sample:
    """As models.RunSample; `seconds` is how long it covers."""

    seconds: float
    bitrate: int
    bitrate_low: int
    bitrate_high: int
    audio_bitrate: int
    fps: float
    fps_low: float
    keyframe_gap: float
    speed: float
    stutter: float
    lost: int
    duplicated: int
    dropped: int
    jumps: int
    level: float | None
    peak: float | None


class Sampler:
    """One run's facts, about one a second, become a sample whenever ten seconds are over."""

    def __init__(self, now: float) -> None:
        self._began = self._last = now
        self._facts: list[SignalReport] = []
        self._counts = (0, 0, 0, 0)

    def add(self, facts: SignalReport, now: float) -> Sample | None:
        """The sample that these facts complete."""
        self._facts.append(facts)
        self._last = now
        return self._fold(now) if now - self._began >= SAMPLE_SECONDS else None

    def rest(self) -> Sample | None:
        """What was not yet a whole sample, at the run's end."""
        return self._fold(self._last) if self._facts and self._last > self._began else None

    def _fold(self, now: float) -> Sample:
        facts, self._facts = self._facts, []
        seconds, self._began = now - self._began, now
        before, self._counts = self._counts, _counts(facts[-1])
        # ffmpeg that was started again counts from zero.
        lost, duplicated, dropped, jumps = (
            now - then if now >= then else now for then, now in zip(before, self._counts, strict=True)
        )
        rates = [item.bitrate for item in facts]
        frames = [item.fps for item in facts]
        return Sample(
            seconds=round(seconds, 1),
            bitrate=int(_mean(rates)),
            bitrate_low=min(rates),
            bitrate_high=max(rates),
            audio_bitrate=int(_mean([item.audio_bitrate for item in facts])),
            fps=round(_mean(frames), 2),
            fps_low=min(frames),
            keyframe_gap=max(item.keyframe_gap for item in facts),
            speed=min((item.speed for item in facts if item.speed), default=0.0),
            stutter=max(item.pacing.stutter for item in facts),
            lost=lost,
            duplicated=duplicated,
            dropped=dropped,
            jumps=jumps,
            level=mean_level([item.loudness.level for item in facts]),
            peak=max((item.loudness.peak for item in facts if item.loudness.peak is not None), default=None),
        )


def mean_level(levels: Sequence[float | None]) -> float | None:
    """The mean of powers, in decibels: that of decibels would call a shout in a silent minute silent."""
    powers = [10 ** (level / 10) for level in levels if level is not None]
    return round(10 * math.log10(_mean(powers)), 1) if powers else None


def joined(samples: Sequence[Sample]) -> Sample:
    """All as one, for a chart with fewer points. At least one is needed."""
    if len(samples) == 1:
        return samples[0]
    whole = sum(item.seconds for item in samples) or 1.0
    # A short rest of a run counts for as much as it covers.
    shares = [item.seconds / whole for item in samples]
    return Sample(
        seconds=round(whole, 1),
        bitrate=int(math.sumprod(shares, [item.bitrate for item in samples])),
        bitrate_low=min(item.bitrate_low for item in samples),
        bitrate_high=max(item.bitrate_high for item in samples),
        audio_bitrate=int(math.sumprod(shares, [item.audio_bitrate for item in samples])),
        fps=round(math.sumprod(shares, [item.fps for item in samples]), 2),
        fps_low=min(item.fps_low for item in samples),
        keyframe_gap=max(item.keyframe_gap for item in samples),
        speed=min((item.speed for item in samples if item.speed), default=0.0),
        stutter=max(item.stutter for item in samples),
        lost=sum(item.lost for item in samples),
        duplicated=sum(item.duplicated for item in samples),
        dropped=sum(item.dropped for item in samples),
        jumps=sum(item.jumps for item in samples),
        level=mean_level([item.level for item in samples]),
        peak=max((item.peak for item in samples if item.peak is not None), default=None),
    )


def _counts(facts: SignalReport) -> tuple[int, int, int, int]:
    return facts.pacing.lost, facts.duplicated, facts.dropped, facts.pacing.jumps


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0

"""From numbers to words: what is wrong with a signal, how bad it is, and what its instructor can do about it.

Pure: a run's row in, findings out. Each limit says why it is where it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from media_worker import ladder
from media_worker.models import TranscodeRun


class Severity(StrEnum):
    """OK: nothing is wrong, though it could be better. WARN: members notice. BAD: they cannot follow the class."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is for programs and stays the same; `message` says what is, `cure` what to do ("" where nothing is)."""

    code: str
    severity: Severity
    message: str
    cure: str = ""

    @property
    def words(self) -> str:
        return f"{self.message} {self.cure}".strip()


ALL_WELL = Finding("signal:ok", Severity.OK, "All is well.")
PREPARING = Finding("signal:preparing", Severity.OK, "Your signal arrives; the picture is being prepared.")
NO_SIGNAL = Finding("signal:none", Severity.WARN, "No signal yet.", "Start broadcasting in your encoder.")

# A report comes every second; six without one are more than a busy machine's hiccup.
STALE_SECONDS = 6
# Somebody who joins, and the class after an interruption, waits for the next keyframe: 2 s is what we ask for.
_LONG_GAP = 4.0
# As long as a new connection may take to its first keyframe (NO_VIDEO_SECONDS): the encoder could not come back.
_TOO_LONG_GAP = 5.0
# Encoders round to frames, so a regular 2 s never comes to this.
_IRREGULAR_GAP = 2.5
_IRREGULAR = 1.25
# Of real time, over half a minute: the picture falls behind by 1.5 s in that.
_SLOW = 0.95
# Below the cinema's 24 and television's 25 fast movement falls apart; 20 leaves room for measuring.
_FEW_FRAMES = 20.0
# Of what the encoder announces. Every seventh frame gone is one too many to be rounding.
_FEWER = 0.85
# OBS colours its own display at these shares of dropped frames.
_MISSING, _MISSING_BAD = 0.01, 0.05
# From a fifth on it is not a frame now and then, but a rate that varies.
_UNEVEN = 0.2
# Bits per pixel of each frame: 550 kbit/s for 720p at 30 a second, where x264 turns somebody who jumps into blocks.
_POOR = 0.02
# No camera comes with so little, for its noise alone needs more: a drawn or still picture, which looks well with it.
_DRAWN = 0.004
# Encoders overshoot what they are set to; a quarter more is another setting.
_RICH = 1.25
# Most against least within half a minute. A still picture needs half of a moving one, not a fourth.
_SWING = 4.0
# A player holds about a second of picture; what falls further behind stands still on every screen.
_STUTTER, _STUTTER_BAD = 1.0, 3.0
# Long enough to breathe between two exercises without music.
_SILENT = 30.0
# Of 30 seconds. A shout now and then is no fault.
_CLIPPED = 10

_LINE = "Use a cable instead of WLAN, or lower the video bitrate."
_INTERVAL = "Set the keyframe interval to 2 seconds."


def findings(run: TranscodeRun, *, at: datetime) -> list[Finding]:
    """The worst first; never empty. Without any fault the first says that all is well."""
    faults = [ours] if (ours := _noted(run)) else []
    if run.facts_at is None:
        return faults or [PREPARING]
    if (at - run.facts_at).total_seconds() > STALE_SECONDS:
        # Every other number is as old.
        stale = Finding(
            "signal:stale",
            Severity.BAD,
            "Nothing new has come from your encoder for some seconds.",
            "Check its line, or start it again.",
        )
        return [stale, *faults]
    faults += [found for check in _CHECKS for found in check(run)]
    order = list(Severity)
    faults.sort(key=lambda found: -order.index(found.severity))
    well = all(found.severity is Severity.OK for found in faults)
    return [*([ALL_WELL] if well else []), *faults]


def _noted(run: TranscodeRun) -> Finding | None:
    """What the run itself has to say: why it does not start yet, or why the picture is smaller than asked for."""
    severity = Severity.WARN if run.facts_at is None else Severity.OK
    return Finding("signal:noted", severity, run.note) if run.note else None


def _keyframes(run: TranscodeRun) -> Iterator[Finding]:
    gap, longest = run.keyframe_gap, run.keyframe_longest
    if gap > _LONG_GAP:
        severity = Severity.BAD if gap > _TOO_LONG_GAP else Severity.WARN
        yield Finding("keyframes:far-apart", severity, f"Keyframes are far apart, {gap:.0f} seconds.", _INTERVAL)
    elif longest > max(_IRREGULAR_GAP, gap * _IRREGULAR):
        yield Finding(
            "keyframes:irregular",
            Severity.WARN,
            f"Keyframes come irregularly, up to {longest:.1f} seconds apart.",
            f"{_INTERVAL} Turn scene detection off (OBS: x264 option scenecut=0).",
        )


def _speed(run: TranscodeRun) -> Iterator[Finding]:
    if 0 < run.speed < _SLOW:
        yield Finding(
            "server:slow",
            Severity.BAD,
            "The picture is processed more slowly than it comes.",
            "Lower the resolution or the bitrate.",
        )


def _frames(run: TranscodeRun) -> Iterator[Finding]:
    announced = float(_rate(run.source_fps))
    if run.uneven > _UNEVEN:
        yield Finding(
            "frames:uneven",
            Severity.WARN,
            "Frames come unevenly, so movement looks jerky.",
            "Set a constant frame rate in your encoder or camera app.",
        )
    elif run.missing > _MISSING:
        yield Finding(
            "frames:dropped",
            Severity.BAD if run.missing > _MISSING_BAD else Severity.WARN,
            f"Your encoder drops frames: {run.missing:.0%} of the last minute's are missing.",
            f"{_LINE} If its computer is busy, close other programs.",
        )
    elif 0 < run.fps < announced * _FEWER:
        yield Finding(
            "frames:fewer",
            Severity.WARN,
            f"Your encoder announces {announced:.0f} frames a second and sends {run.fps:.0f}.",
            "Close other programs on its computer, or choose a faster preset.",
        )
    if 0 < run.fps < _FEW_FRAMES:
        yield Finding(
            "frames:few",
            Severity.WARN,
            f"Your picture has only {run.fps:.0f} frames a second, so movement looks jerky.",
            "Set the frame rate to 25 or 30. In a dark room cameras slow down: turn the light on.",
        )


def _rate(text: str) -> float:
    top, _, bottom = text.partition("/")
    try:
        return float(top) / float(bottom or 1)
    except (ValueError, ZeroDivisionError):
        return 0.0


def _bitrate(run: TranscodeRun) -> Iterator[Finding]:
    pixels = run.width * run.height * run.fps
    if not pixels or not run.bitrate:
        return
    mega = run.bitrate / 1_000_000
    most = ladder.carried(run.width, run.height)
    if run.bitrate_low * _SWING < run.bitrate_high:
        low, high = run.bitrate_low / 1_000_000, run.bitrate_high / 1_000_000
        yield Finding(
            "bitrate:unsteady",
            Severity.WARN,
            f"Your bitrate swings between {low:.1f} and {high:.1f} Mbit/s.",
            "Set the rate control to CBR, at two thirds of what your line uploads.",
        )
    elif _DRAWN < run.bitrate / pixels < _POOR:
        yield Finding(
            "bitrate:low",
            Severity.WARN,
            f"{mega:.1f} Mbit/s is little for {run.width}x{run.height}: movement looks blocky.",
            f"Set the video bitrate to about {_fair(pixels):.1f} Mbit/s, or lower the resolution.",
        )
    if run.bitrate > most * _RICH:
        yield Finding(
            "bitrate:high",
            Severity.WARN,
            f"{mega:.1f} Mbit/s is more than the {most / 1_000_000:.0f} that are carried at this size.",
            f"Set the video bitrate to {most // 1000} kbit/s or less.",
        )


def _fair(pixels: float) -> float:
    """Mbit/s that look good."""
    return max(0.5, pixels * 0.09 / 1_000_000)


def _line(run: TranscodeRun) -> Iterator[Finding]:
    if run.stutter >= _STUTTER:
        yield Finding(
            "line:stutters",
            Severity.BAD if run.stutter >= _STUTTER_BAD else Severity.WARN,
            f"Your signal comes in bursts, up to {run.stutter:.1f} seconds late.",
            _LINE,
        )
    if run.jumped:
        yield Finding(
            "signal:clock-jumped",
            Severity.WARN,
            "The time in your signal jumped within the last minute.",
            "If it does so again, stop and start your encoder.",
        )


def _sound(run: TranscodeRun) -> Iterator[Finding]:
    if not run.audio_codec:
        yield Finding(
            "sound:none", Severity.BAD, "There is no sound in your signal.", "Add your microphone in your encoder."
        )
    elif run.silent >= _SILENT:
        yield Finding(
            "sound:silent",
            Severity.BAD,
            f"Nothing was heard for {run.silent:.0f} seconds.",
            "Is your microphone on, and chosen in your encoder?",
        )
    elif run.clipped >= _CLIPPED:
        yield Finding(
            "sound:clips",
            Severity.WARN,
            "Your sound is too loud and distorts.",
            "Turn microphone or music down by about 6 dB.",
        )


def _picture(run: TranscodeRun) -> Iterator[Finding]:
    if run.interlaced:
        yield Finding(
            "picture:interlaced",
            Severity.WARN,
            "Your picture is interlaced: moving edges show combs.",
            "Set camera and encoder to progressive, for instance 720p instead of 1080i.",
        )
    if run.b_frames:
        yield Finding(
            "picture:b-frames",
            Severity.OK,
            "Your encoder uses B-frames: viewers are about half a second further behind.",
            "Turn them off (OBS: x264 option bframes=0, or tune zerolatency).",
        )
    if run.verdict:
        yield Finding("picture:converted", Severity.OK, run.verdict)


_CHECKS: tuple[Callable[[TranscodeRun], Iterator[Finding]], ...] = (
    _line,
    _frames,
    _sound,
    _speed,
    _keyframes,
    _bitrate,
    _picture,
)

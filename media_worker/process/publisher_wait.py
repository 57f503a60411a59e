"""Waits for a publisher who is not there yet, and compares what comes with what was expected."""

import time
from enum import Enum
from fractions import Fraction

from media_worker import ladder
from media_worker.plan import EncoderHistory
from media_worker.process.contract import RunSpec
from media_worker.process.prober import look
from media_worker.source import H264, Source

_LOOK_SECONDS = 0.25
# The statistics page may know of a picture a moment after us.
_PENDING_SECONDS = 0.02
_PATIENCE_SECONDS = 0.3
# What most encoders send by default.
_USUAL = Source(H264, ladder.HD.long_side, ladder.HD.short_side, Fraction(30), "AAC", "LC")


class Arrival(Enum):
    NONE_YET = "nobody yet"
    UNEXPECTED = "not what was expected"
    TIMED_OUT = "nobody in time"


class PublisherWait:
    """Asks the ingest four times a second, and at once when bytes arrive."""

    def __init__(self, spec: RunSpec, wanted: Source) -> None:
        self._spec = spec
        self._wanted = wanted
        self._until = time.monotonic() + (spec.wait or 0)
        self._looked_at = 0.0

    def look(self, *, pending: bool) -> Source | Arrival:
        """The source, where it is what was expected. `pending`: its first bytes are there already."""
        now = time.monotonic()
        if now - self._looked_at < (_PENDING_SECONDS if pending else _LOOK_SECONDS):
            return Arrival.NONE_YET
        self._looked_at = now
        seen = look(self._spec, seconds=_PATIENCE_SECONDS)
        if seen is None or not (seen.ready or seen.unsupported):
            return Arrival.TIMED_OUT if now > self._until else Arrival.NONE_YET
        return seen if _alike(seen, self._wanted) else Arrival.UNEXPECTED


def expected(history: EncoderHistory | None) -> Source:
    """What the encoder will probably send: what it sent last, else 720p30 with AAC."""
    if history is None:
        return _USUAL
    if not history.audio:
        return Source(H264, history.width, history.height, history.fps)
    profile = "LC" if history.copy_audio else "HE-AAC"
    return Source(H264, history.width, history.height, history.fps, "AAC", profile)


def _alike(seen: Source, wanted: Source) -> bool:
    """Whether ffmpeg was started for this. Missing audio does no harm."""
    same_audio = not seen.audio_codec or seen.copy_audio == wanted.copy_audio
    same_picture = (seen.width, seen.height, seen.fps) == (wanted.width, wanted.height, wanted.fps)
    return seen.ready and same_audio and same_picture

"""Waits for a publisher who is not there yet, and sees whether it is what was expected."""

import time
from enum import Enum
from fractions import Fraction

from media_worker.plan import Known
from media_worker.process.contract import RunSpec
from media_worker.process.prober import look
from media_worker.source import Source

_LOOK_SECONDS = 0.25
# Its page may know of a picture a moment after us.
_PENDING_SECONDS = 0.02
_PATIENCE_SECONDS = 0.3
# What most encoders send when nobody has changed their settings.
_USUAL = Source("H264", 1280, 720, Fraction(30), "AAC", "LC")


class Coming(Enum):
    NOBODY = "nobody yet"
    OTHER = "not what was expected"
    LATE = "nobody in time"


class PublisherWait:
    """Asks the ingest four times a second, and at once when something arrives."""

    def __init__(self, spec: RunSpec, wanted: Source) -> None:
        self._spec = spec
        self._wanted = wanted
        self._until = time.monotonic() + (spec.wait or 0)
        self._looked_at = 0.0

    def look(self, *, pending: bool) -> Source | Coming:
        """The source where it is what was expected. `pending`: the first of its picture is there already."""
        now = time.monotonic()
        if now - self._looked_at < (_PENDING_SECONDS if pending else _LOOK_SECONDS):
            return Coming.NOBODY
        self._looked_at = now
        seen = look(self._spec, seconds=_PATIENCE_SECONDS)
        if seen is None or not (seen.ready or seen.unsupported):
            return Coming.LATE if now > self._until else Coming.NOBODY
        return seen if _alike(seen, self._wanted) else Coming.OTHER


def expected(known: Known | None) -> Source:
    """What will probably come."""
    if known is None:
        return _USUAL
    if not known.sound:
        return Source("H264", known.width, known.height, known.fps)
    profile = "LC" if known.copy_audio else "HE-AAC"
    return Source("H264", known.width, known.height, known.fps, "AAC", profile)


def _alike(seen: Source, wanted: Source) -> bool:
    """Whether ffmpeg was started for this. Sound that is missing does no harm."""
    same_sound = not seen.audio_codec or seen.copy_audio == wanted.copy_audio
    same_picture = (seen.width, seen.height, seen.fps) == (wanted.width, wanted.height, wanted.fps)
    return seen.ready and same_sound and same_picture

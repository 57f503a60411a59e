"""Facts about the signal for whoever runs the class: numbers, and words about what to change."""

from dataclasses import dataclass, field

from fitfriends.core import clock
from media_worker.domain import runs
from media_worker.models import TranscodeRun
from streaming.domain import ingest_stat
from streaming.domain.ingest_stat import Publisher
from streaming.models import Stream

_STALE_SECONDS = 6
_LONG_GAP_SECONDS = 4.0
_SLOW = 0.97  # of real time


@dataclass(frozen=True, slots=True)
class Health:
    connected: bool
    picture: bool
    words: list[str] = field(default_factory=list)
    run: TranscodeRun | None = None
    ingest: Publisher | None = None


def look(stream: Stream) -> Health:
    """One query, and one quick request to the ingest where its statistics are known."""
    run = runs.current(stream.room_id)
    ingest = ingest_stat.of_stream(stream) if stream.ingest_client_id else None
    words = [stream.signal_note] if stream.signal_note else []
    if stream.ingest_client_id:
        words += _words(run)
    elif stream.is_open:
        words.append("No signal yet. Start broadcasting in your encoder.")
    return Health(bool(stream.ingest_client_id), stream.has_picture, words, run, ingest)


def _words(run: TranscodeRun | None) -> list[str]:
    if run is None:
        return ["Your signal arrives; the picture is being prepared."]
    found = [run.note] if run.note else []
    if run.facts_at is None:
        return found or ["Your signal arrives; the picture is being prepared."]
    if (clock.now() - run.facts_at).total_seconds() > _STALE_SECONDS:
        found.append("Nothing new has come from your encoder for some seconds.")
    if run.keyframe_gap > _LONG_GAP_SECONDS:
        found.append("Keyframes are far apart. Set the keyframe interval to 2 seconds.")
    if 0 < run.speed < _SLOW:
        found.append("The picture is processed more slowly than it comes. Lower the resolution or the bitrate.")
    if not run.audio_codec:
        found.append("There is no sound in your signal.")
    return [*(found or ["All is well."]), *([run.verdict] if run.verdict else [])]

"""Facts about the signal for whoever runs the class: numbers, and words about what to change."""

import logging
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from django.conf import settings

from fitfriends.core import clock
from media_worker.domain import runs
from media_worker.models import TranscodeRun
from streaming.models import Stream

log = logging.getLogger(__name__)

_STALE_SECONDS = 6
_LONG_GAP_SECONDS = 4.0
_SLOW = 0.97  # of real time
_STAT_SECONDS = 1.0
_STAT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Ingest:
    """What arrives at the ingest, before anybody looks inside."""

    bits_per_second: int
    connected_seconds: int


@dataclass(frozen=True, slots=True)
class Health:
    connected: bool
    picture: bool
    words: list[str] = field(default_factory=list)
    run: TranscodeRun | None = None
    ingest: Ingest | None = None


def look(stream: Stream) -> Health:
    """One query, and one quick request to the ingest where its statistics are known."""
    run = runs.current(stream.room_id)
    ingest = _ingest(stream.ingest_name) if stream.ingest_client_id else None
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
    return found or ["All is well."]


def _ingest(name: str) -> Ingest | None:
    """None when the statistics do not answer: they are nice to have."""
    if not settings.RTMP_STAT_URL.startswith(("http://", "https://")):
        return None
    try:
        with urllib.request.urlopen(settings.RTMP_STAT_URL, timeout=_STAT_SECONDS) as reply:  # noqa: S310 -- checked above
            return read_stat(reply.read(_STAT_BYTES), name)
    except (OSError, urllib.error.URLError, ET.ParseError, ValueError) as error:
        log.info("the ingest's statistics do not answer: %s", error)
        return None


def read_stat(document: bytes, name: str) -> Ingest | None:
    """nginx-rtmp's /stat: the entry of one internal name."""
    for entry in ET.fromstring(document).iter("stream"):  # noqa: S314 -- our own ingest, on the private network
        if entry.findtext("name") == name:
            return Ingest(int(entry.findtext("bw_in") or 0), int(entry.findtext("time") or 0) // 1000)
    return None

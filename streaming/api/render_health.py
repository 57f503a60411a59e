"""A signal's health as the API's JSON; replies_health.py declares the same keys."""

from dataclasses import asdict

from streaming.domain.signal.health import Health
from streaming.domain.signal.trends import Series
from streaming.models import Stream

type Json = dict[str, object]

# The run's columns that are told as they are.
NUMBERS = (
    *("width", "height", "fps", "video_codec", "profile", "interlaced", "b_frames"),
    *("bitrate", "bitrate_low", "bitrate_high", "ingest_bitrate", "keyframe_gap", "keyframe_longest"),
    *("lost", "missing", "uneven", "duplicated", "dropped", "stutter", "speed"),
    *("audio_codec", "audio_bitrate", "audio_channels", "audio_rate", "level", "peak", "silent", "clipped"),
)


def health(stream: Stream, found: Health) -> Json:
    facts = found.facts if found.connected else None
    return {
        "connected": found.connected,
        "connected_since": stream.ingest_since.isoformat() if found.connected and stream.ingest_since else None,
        "picture": found.picture,
        "words": [asdict(finding) for finding in found.findings],
        "now": facts
        and {
            **{name: getattr(facts, name) for name in NUMBERS},
            "passed_through": facts.copied,
            "renditions": facts.renditions,
            "at": facts.facts_at.isoformat() if facts.facts_at else None,
        },
    }


def series(found: Series) -> Json:
    points = [{"at": point.at.isoformat(), **asdict(point.sample)} for point in found.points]
    return {"since": found.since.isoformat(), "step": found.step, "points": points}

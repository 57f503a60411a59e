"""A stream's signal in the admin, to read: the studio's words, and the last numbers."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from media_worker.models import TranscodeRun
from streaming.domain.signal import health
from streaming.models import Stream


class SignalColumns:
    """Two read-only fields for a ModelAdmin."""

    @admin.display(description="signal")
    def signal_words(self, stream: Stream) -> str:
        words = health.look(stream, ask_ingest=False).words
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words)) or "-"

    @admin.display(description="signal in numbers")
    def signal_numbers(self, stream: Stream) -> str:
        facts = health.look(stream, ask_ingest=False).facts
        return _line(facts) if facts else "-"


def _line(run: TranscodeRun) -> str:
    parts = [
        f"{run.width}x{run.height}",
        f"{run.fps:.0f} frames a second",
        f"{run.bitrate / 1_000_000:.1f} Mbit/s",
        f"keyframes every {run.keyframe_gap:.1f} s",
        f"{run.lost} frames lost",
        f"{run.video_codec} {run.profile}".strip(),
        f"sound {run.audio_codec or 'none'}",
    ]
    if run.level is not None:
        parts.append(f"{run.level:.0f} dBFS")
    if run.facts_at is not None:
        parts.append(f"at {run.facts_at:%H:%M:%S} UTC")
    return ", ".join(parts)

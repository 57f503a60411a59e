"""Keeps what a run's signal is like right now."""

from fitfriends.core import clock
from media_worker import signals
from media_worker.domain.claim import Claim
from media_worker.models import TranscodeRun
from media_worker.process.contract import Facts


def record(hold: Claim, facts: Facts) -> bool:
    """Keeps the latest facts about the signal and sends run_progress. False: the run is somebody else's by now."""
    pace, sound = facts.pace, facts.sound
    kept = hold.rows().update(
        width=facts.width,
        height=facts.height,
        fps=facts.fps,
        bitrate=facts.bitrate,
        video_codec=facts.video_codec[:40],
        audio_codec=facts.audio_codec[:40],
        keyframe_gap=facts.keyframe_gap,
        speed=facts.speed,
        passes=facts.verdict.safe,
        verdict=facts.verdict.words[:300],
        profile=facts.profile[:24],
        interlaced=facts.interlaced,
        b_frames=pace.b_frames,
        keyframe_longest=facts.keyframe_longest,
        bitrate_low=facts.bitrate_low,
        bitrate_high=facts.bitrate_high,
        uneven=pace.uneven,
        lost=pace.lost,
        missing=pace.missing,
        duplicated=facts.duplicated,
        dropped=facts.dropped,
        stutter=pace.stutter,
        jumped=pace.jumped,
        ingest_bitrate=facts.ingest_bitrate,
        audio_bitrate=facts.audio_bitrate,
        audio_channels=facts.audio_channels,
        audio_rate=facts.audio_rate,
        level=sound.level,
        peak=sound.peak,
        silent=sound.silent,
        clipped=sound.clipped,
        facts_at=clock.now(),
    )
    if kept:
        signals.announce(signals.run_progress, TranscodeRun.objects.get(pk=hold.run_id))
    return bool(kept)

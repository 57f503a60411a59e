"""Stores the newest signal report of a run in its row."""

from fitfriends.core import clock
from media_worker import signals
from media_worker.domain.claim import Claim
from media_worker.models import TranscodeRun
from media_worker.process.contract import SignalReport


def record(claim: Claim, report: SignalReport) -> bool:
    """Stores the report and sends run_progress. False: another worker has the run by now."""
    pacing, loudness = report.pacing, report.loudness
    kept = claim.rows().update(
        width=report.width,
        height=report.height,
        fps=report.fps,
        bitrate=report.bitrate,
        video_codec=report.video_codec[:40],
        audio_codec=report.audio_codec[:40],
        keyframe_gap=report.keyframe_gap,
        speed=report.speed,
        passes=report.passthrough.safe,
        verdict=report.passthrough.reason[:300],
        profile=report.profile[:24],
        interlaced=report.interlaced,
        b_frames=pacing.b_frames,
        keyframe_longest=report.keyframe_longest,
        bitrate_low=report.bitrate_low,
        bitrate_high=report.bitrate_high,
        uneven=pacing.uneven,
        lost=pacing.lost,
        missing=pacing.missing,
        duplicated=report.duplicated,
        dropped=report.dropped,
        stutter=pacing.stutter,
        jumped=pacing.jumped,
        ingest_bitrate=report.ingest_bitrate,
        audio_bitrate=report.audio_bitrate,
        audio_channels=report.audio_channels,
        audio_rate=report.audio_rate,
        level=loudness.level,
        peak=loudness.peak,
        silent=loudness.silent,
        clipped=loudness.clipped,
        facts_at=clock.now(),
    )
    if kept:
        signals.announce(signals.run_progress, TranscodeRun.objects.get(pk=claim.run_id))
    return bool(kept)

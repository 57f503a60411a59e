"""Puts a run's signal report together, from the copy of the source's video, the ingest and ffmpeg itself."""

from media_worker.ffmpeg.loudness import Loudness
from media_worker.ingest_page import Rates
from media_worker.packager import sps
from media_worker.process.contract import SignalReport
from media_worker.process.ingest_statistics import IngestWatch
from media_worker.process.pump import Pump
from media_worker.process.source_watch import SourceWatch
from media_worker.source import Source

# A time line that stands still makes rates without bound; the database counts to twice this.
_MOST = 1_000_000_000


def report(source: Source, *, pump: Pump, watch: SourceWatch, ingest: IngestWatch) -> SignalReport:
    """The signal now. What is not known is 0, "" or None; figures are capped at what the database holds."""
    progress, measured, seen = pump.progress, pump.source, ingest.seen
    rates = seen.rates if seen else Rates()
    # The audio header may come after the video's, and what it says may change.
    audio = seen.source if seen and seen.source.audio_codec else source
    low, high = measured.swing
    return SignalReport(
        width=source.width,
        height=source.height,
        fps=measured.fps,
        bitrate=min(measured.bitrate, _MOST),
        video_codec=source.video_codec,
        audio_codec=audio.audio_codec,
        keyframe_gap=measured.keyframe_gap,
        speed=pump.speed_meter.speed,
        duplicated=progress.duplicated if progress else 0,
        passthrough=watch.passthrough(measured),
        profile=sps.profile(measured.codec),
        interlaced=measured.interlaced,
        keyframe_longest=measured.longest_gap,
        bitrate_low=min(low, _MOST),
        bitrate_high=min(high, _MOST),
        pacing=measured.pacing,
        dropped=min((progress.dropped if progress else 0) + rates.dropped, _MOST),
        ingest_bitrate=min(rates.total, _MOST),
        audio_bitrate=min(rates.audio, _MOST),
        audio_channels=audio.audio_channels,
        audio_rate=audio.audio_rate,
        loudness=pump.loudness_meter.loudness if pump.loudness_meter else Loudness(),
    )

"""Puts together what is known about the signal of a run, from the source's copy, the ingest and ffmpeg itself."""

from media_worker.ffmpeg.loudness import Sound
from media_worker.ingest_page import Rates
from media_worker.packager import sps
from media_worker.process.contract import Facts
from media_worker.process.ingest_statistics import IngestWatch
from media_worker.process.pump import Pump
from media_worker.process.source_watch import SourceWatch
from media_worker.source import Source

# A time line that stands still makes rates without measure; the database counts to twice this.
_MOST = 1_000_000_000


def facts(source: Source, *, pump: Pump, watch: SourceWatch, ingest: IngestWatch) -> Facts:
    """What is not known is 0, "" or None."""
    progress, tap, seen = pump.progress, pump.tap, ingest.seen
    rates = seen.rates if seen else Rates()
    # The sound's header may come after the picture's, and what it says may change.
    sound = seen.source if seen and seen.source.audio_codec else source
    low, high = tap.swing
    return Facts(
        width=source.width,
        height=source.height,
        fps=tap.fps,
        bitrate=min(tap.bitrate, _MOST),
        video_codec=source.video_codec,
        audio_codec=sound.audio_codec,
        keyframe_gap=tap.keyframe_gap,
        speed=pump.speedometer.speed,
        duplicated=progress.duplicated if progress else 0,
        verdict=watch.verdict(tap),
        profile=sps.profile(tap.codec),
        interlaced=tap.interlaced,
        keyframe_longest=tap.longest_gap,
        bitrate_low=min(low, _MOST),
        bitrate_high=min(high, _MOST),
        pace=tap.pace,
        dropped=min((progress.dropped if progress else 0) + rates.dropped, _MOST),
        ingest_bitrate=min(rates.total, _MOST),
        audio_bitrate=min(rates.audio, _MOST),
        audio_channels=sound.audio_channels,
        audio_rate=sound.audio_rate,
        sound=pump.ear.sound if pump.ear else Sound(),
    )

"""What the source is, known before its first keyframe arrives.

The ingest's statistics page has read the stream's headers and answers within milliseconds. A puller would wait
for a keyframe just to look, and for another to begin: with a two-second GOP that is two seconds lost.
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from media_worker.source import H264, Source

_CUT_RATES = {"23": Fraction(24000, 1001), "29": Fraction(30000, 1001), "59": Fraction(60000, 1001)}


@dataclass(frozen=True, slots=True)
class Rates:
    """What the ingest itself counts, in bits per second over ten seconds. `dropped`: frames for its readers."""

    total: int = 0
    video: int = 0
    audio: int = 0
    dropped: int = 0


def stream_name(source_url: str) -> tuple[str, str]:
    """Application and stream of an RTMP address."""
    app, _, name = urlsplit(source_url).path.strip("/").rpartition("/")
    return app, name


def parse_stat(page: bytes, source_url: str) -> Source | None:
    """The source as nginx-rtmp's statistics describe it; None while nobody publishes it."""
    stream = _published(page, source_url)
    return None if stream is None else _from_stat(stream)


def parse_rates(page: bytes, source_url: str) -> Rates | None:
    """The same page's figures; None while nobody publishes it."""
    stream = _published(page, source_url)
    if stream is None:
        return None

    def number(path: str) -> int:
        return _whole(stream.findtext(path) or "", digits=12)

    dropped = sum(_whole(client.findtext("dropped") or "", digits=12) for client in stream.iter("client"))
    return Rates(number("bw_in"), number("bw_video"), number("bw_audio"), dropped)


def _published(page: bytes, source_url: str) -> ET.Element | None:
    try:
        root = ET.fromstring(page)  # noqa: S314 -- our own ingest on the loopback interface
    except ET.ParseError:
        return None
    app, name = stream_name(source_url)
    for application in root.iter("application"):
        if application.findtext("name") != app:
            continue
        for stream in application.iter("stream"):
            if stream.findtext("name") == name and stream.find("publishing") is not None:
                return stream
    return None


def _from_stat(stream: ET.Element) -> Source:
    """The page cuts rates to whole numbers: 29 is meant as 29.97."""

    def text(path: str) -> str:
        return (stream.findtext(f"meta/{path}") or "").strip()

    return Source(
        video_codec=text("video/codec"),
        width=_whole(text("video/width")),
        height=_whole(text("video/height")),
        fps=_CUT_RATES.get(text("video/frame_rate")) or _fraction(text("video/frame_rate")),
        audio_codec=text("audio/codec"),
        audio_profile=text("audio/profile"),
        audio_channels=_whole(text("audio/channels")),
        audio_rate=_whole(text("audio/sample_rate"), digits=6),
    )


def ffprobe_command(ffprobe: str, url: str) -> list[str]:
    """For sources without a statistics page. Waits for a keyframe."""
    return [
        *(ffprobe, "-v", "error"),
        *("-probesize", "1000000", "-analyzeduration", "3000000", "-fpsprobesize", "0"),
        *("-show_entries", "stream=codec_type,codec_name,profile,width,height,avg_frame_rate,channels,sample_rate"),
        *("-of", "json", url),
    ]


def parse_ffprobe(output: bytes) -> Source | None:
    try:
        streams = json.loads(output)["streams"]
        nothing: dict[str, object] = {}
        video = next((item for item in streams if item["codec_type"] == "video"), nothing)
        audio = next((item for item in streams if item["codec_type"] == "audio"), nothing)
        codec = str(video.get("codec_name", ""))
        return Source(
            video_codec=H264 if codec == "h264" else codec,
            width=_whole(str(video.get("width", ""))),
            height=_whole(str(video.get("height", ""))),
            fps=_fraction(str(video.get("avg_frame_rate", ""))),
            audio_codec=str(audio.get("codec_name", "")).upper(),
            audio_profile=str(audio.get("profile", "")),
            audio_channels=_whole(str(audio.get("channels", ""))),
            audio_rate=_whole(str(audio.get("sample_rate", "")), digits=6),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _whole(text: str, *, digits: int = 5) -> int:
    return int(text) if text.isdecimal() and len(text) <= digits else 0


def _fraction(text: str) -> Fraction | None:
    """A positive rate; 0/0 means that the source does not say."""
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value.limit_denominator(1001) if value > 0 else None

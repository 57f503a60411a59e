"""Reads the statistics page of nginx-rtmp: who publishes a stream, what it is, and how much arrives.

The ingest has read the stream's headers and answers within milliseconds. A puller would wait for a keyframe just to
look, and for another to begin: with a two-second GOP that is two seconds lost.
"""

from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from media_worker.source import Source, fraction, whole

# The page cuts rates to whole numbers: 29 is meant as 29.97.
_CUT_RATES = {"23": Fraction(24000, 1001), "29": Fraction(30000, 1001), "59": Fraction(60000, 1001)}


@dataclass(frozen=True, slots=True)
class Rates:
    """What the ingest itself counts, in bits per second over ten seconds. `dropped`: frames for its readers."""

    total: int = 0
    video: int = 0
    audio: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Publisher:
    """A connection that publishes, and its stream. `dropped`: frames that the ingest dropped for it."""

    source: Source
    rates: Rates
    client_id: str = ""
    connected_seconds: int = 0
    dropped: int = 0


def publisher(page: bytes, source_url: str) -> Publisher | None:
    """None while nobody publishes at this RTMP address, and for a page that cannot be read."""
    stream = _stream(page, source_url)
    if stream is None or next(stream.iter("publishing"), None) is None:
        return None
    clients = list(stream.iter("client"))  # pullers are clients too
    own = next((client for client in clients if client.find("publishing") is not None), ET.Element("client"))
    return Publisher(
        source=_source(stream),
        rates=Rates(
            _number(stream, "bw_in"),
            _number(stream, "bw_video"),
            _number(stream, "bw_audio"),
            sum(_number(client, "dropped") for client in clients),
        ),
        client_id=own.findtext("id") or "",
        connected_seconds=_number(own, "time") // 1000,
        dropped=_number(own, "dropped"),
    )


def _stream(page: bytes, source_url: str) -> ET.Element | None:
    try:
        root = ET.fromstring(page)  # noqa: S314 -- our own ingest, on the private network
    except ET.ParseError:
        return None
    app, _, name = urlsplit(source_url).path.strip("/").rpartition("/")
    for application in root.iter("application"):
        if application.findtext("name") != app:
            continue
        for stream in application.iter("stream"):
            if stream.findtext("name") == name:
                return stream
    return None


def _source(stream: ET.Element) -> Source:
    def text(path: str) -> str:
        return (stream.findtext(f"meta/{path}") or "").strip()

    return Source(
        video_codec=text("video/codec"),
        width=whole(text("video/width")),
        height=whole(text("video/height")),
        fps=_CUT_RATES.get(text("video/frame_rate")) or fraction(text("video/frame_rate")),
        audio_codec=text("audio/codec"),
        audio_profile=text("audio/profile"),
        audio_channels=whole(text("audio/channels")),
        audio_rate=whole(text("audio/sample_rate"), digits=6),
    )


def _number(element: ET.Element, path: str) -> int:
    return whole(element.findtext(path) or "", digits=12)

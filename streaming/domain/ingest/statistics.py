"""What nginx-rtmp's own statistics say about one publisher. Nice to have: nothing depends on their answer."""

import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.conf import settings

from streaming.models import Stream

log = logging.getLogger(__name__)

_SECONDS = 1.0
_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Publisher:
    """A connection that publishes, as the ingest sees it."""

    client_id: str
    bits_per_second: int
    connected_seconds: int
    dropped: int


def of_stream(stream: Stream) -> Publisher | None:
    """None when nobody publishes it, and when the statistics are not set or do not answer."""
    if not settings.RTMP_STAT_URL.startswith(("http://", "https://")):
        return None
    try:
        with urllib.request.urlopen(settings.RTMP_STAT_URL, timeout=_SECONDS) as reply:  # noqa: S310 -- checked above
            return read(reply.read(_BYTES), stream.ingest_name)
    except (OSError, urllib.error.URLError, ET.ParseError, ValueError) as error:
        log.info("the ingest's statistics do not answer: %s", error)
        return None


def is_connected(stream: Stream) -> bool:
    """Whether the ingest says, at this moment, that the stream's own publisher is there."""
    found = of_stream(stream)
    return found is not None and found.client_id == stream.ingest_client_id


def read(document: bytes, name: str) -> Publisher | None:
    """The publisher among the clients of one internal name; pullers are clients too."""
    for entry in ET.fromstring(document).iter("stream"):  # noqa: S314 -- our own ingest, on the private network
        if entry.findtext("name") != name:
            continue
        for client in entry.iter("client"):
            if client.find("publishing") is not None:
                return Publisher(
                    client_id=client.findtext("id") or "",
                    bits_per_second=int(entry.findtext("bw_in") or 0),
                    connected_seconds=int(client.findtext("time") or 0) // 1000,
                    dropped=int(client.findtext("dropped") or 0),
                )
    return None

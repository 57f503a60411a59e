"""What nginx-rtmp's own statistics say about one publisher. Nice to have: nothing depends on their answer."""

import logging
import urllib.error
import urllib.request

from django.conf import settings

from media_worker import ingest_page
from media_worker.ingest_page import Publisher
from streaming.models import Stream

log = logging.getLogger(__name__)

_SECONDS = 1.0
_BYTES = 4_000_000


def of_stream(stream: Stream) -> Publisher | None:
    """None when nobody publishes it, and when the statistics are not set or do not answer."""
    if not settings.RTMP_STAT_URL.startswith(("http://", "https://")):
        return None
    try:
        with urllib.request.urlopen(settings.RTMP_STAT_URL, timeout=_SECONDS) as reply:  # noqa: S310 -- checked above
            return ingest_page.publisher(reply.read(_BYTES), f"{settings.RTMP_PULL_URL}/{stream.ingest_name}")
    except (OSError, urllib.error.URLError, ValueError) as error:
        log.info("the ingest's statistics do not answer: %s", error)
        return None


def is_connected(stream: Stream) -> bool:
    """Whether the ingest says, at this moment, that the stream's own publisher is there."""
    found = of_stream(stream)
    return found is not None and found.client_id == stream.ingest_client_id

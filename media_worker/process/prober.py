"""Finds out what the source is, before ffmpeg starts."""

import time
import urllib.error
import urllib.request

from media_worker import ingest_page
from media_worker.enums import RunReason
from media_worker.ffmpeg import ffprobe
from media_worker.process import refusals
from media_worker.process.child import run_briefly
from media_worker.process.contract import Control, Outcome, RunControl, RunSpec
from media_worker.source import Source

_POLL_SECONDS = 0.04
_SETTLE_SECONDS = 0.3
# A source may name another codec a moment later, when its real header arrives.
_UNSUPPORTED_SECONDS = 1.0
_STAT_SECONDS = 1.0
_LARGEST_PAGE = 4 * 1024 * 1024


def wait_for_source(spec: RunSpec, control: Control, *, until: float) -> Source | Outcome:
    """The source, as soon as a ladder can be chosen, or why there will be none. `until` is a monotonic time."""
    seen: Source | None = None
    ready_at = unusable_at = 0.0
    while (now := time.monotonic()) < until:
        if control() is not RunControl.CONTINUE:
            return Outcome(RunReason.REQUESTED)
        seen = look(spec, seconds=until - now) or seen
        if seen is not None and seen.ready:
            ready_at = ready_at or now
            if seen.settled or now - ready_at >= _SETTLE_SECONDS:
                return seen
        if seen is not None and seen.unsupported:
            unusable_at = unusable_at or now
            if now - unusable_at >= _UNSUPPORTED_SECONDS:
                break
        time.sleep(_POLL_SECONDS)
    if seen is not None and seen.unsupported:
        return Outcome(RunReason.UNSUPPORTED_CODEC, refusals.unsupported(seen.video_codec))
    return Outcome(RunReason.NO_VIDEO, refusals.NO_VIDEO)


def look(spec: RunSpec, *, seconds: float) -> Source | None:
    """The source as it is now, by the statistics page or else by ffprobe; None where neither knows."""
    if not spec.tools.stat_url:
        output = run_briefly(ffprobe.command(spec.tools.ffprobe, spec.source_url), seconds=seconds)
        return ffprobe.parse(output) if output else None
    page = fetch(spec, seconds=seconds)
    publisher = ingest_page.publisher(page, spec.source_url) if page is not None else None
    return publisher.source if publisher else None


def fetch(spec: RunSpec, *, seconds: float) -> bytes | None:
    """The ingest's statistics page; None where it does not answer."""
    try:
        with urllib.request.urlopen(spec.tools.stat_url, timeout=min(_STAT_SECONDS, seconds)) as page:  # noqa: S310 -- a setting
            found: bytes = page.read(_LARGEST_PAGE)
            return found
    except (urllib.error.URLError, TimeoutError, ConnectionError, ValueError):
        return None

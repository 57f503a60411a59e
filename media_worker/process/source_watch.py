"""Watches the source during a run: whether its picture may be passed through, now and in the next run."""

import time

from media_worker import passthrough
from media_worker.ladder import Ladder
from media_worker.packager.source_facts import SourceFacts
from media_worker.passthrough import PassthroughCheck
from media_worker.process.contract import RunSpec
from media_worker.process.ingest_statistics import IngestWatch
from media_worker.source import Source

# Source facts change twice a second.
_CHECK_SECONDS = 0.25


class SourceWatch:
    """The source of one run. Players of a copied picture see each of its changes, those of an encoded one none."""

    def __init__(self, spec: RunSpec, source: Source, ladder: Ladder, ingest: IngestWatch) -> None:
        self._spec = spec
        self._ingest = ingest
        self._source = source
        self._ladder = ladder
        self._trouble = ""
        self._checked_at = time.monotonic()

    def passthrough(self, source: SourceFacts) -> PassthroughCheck:
        """Whether the next run of this encoder may pass its picture through."""
        if self._trouble:
            return PassthroughCheck(safe=False, reason=self._trouble)
        if self._ladder.copied:
            return PassthroughCheck(safe=True if len(source.signal.gops) >= passthrough.ENOUGH_GOPS else None)
        published = self._source
        return passthrough.check(
            self._spec.quality,
            width=published.width,
            height=published.height,
            fps=published.fps,
            signal=source.signal,
        )

    def trouble(self, source: SourceFacts) -> str:
        """Why this run can no longer pass its picture through; "" while it can, and where it encodes."""
        now = time.monotonic()
        if self._ladder.copied and not self._trouble and now - self._checked_at >= _CHECK_SECONDS:
            self._checked_at = now
            self._trouble = passthrough.trouble(self._ladder, source.signal) or self._resized()
        return self._trouble

    def no_keyframe(self) -> str:
        """Why the packager found no keyframe where one was due. "" where that is not the source's fault."""
        if self._ladder.copied:
            self._trouble = self._trouble or passthrough.no_keyframe()
        return self._trouble

    def _resized(self) -> str:
        """What to say of another size: a copied picture cannot be decoded then, for its header stays the old one."""
        seen = self._ingest.seen.source if self._ingest.seen else None
        if seen is None or not seen.ready or (seen.width, seen.height) == (self._source.width, self._source.height):
            return ""
        return passthrough.resized(seen.width, seen.height)

"""Watches the source while a run goes on: may it be passed through, may it still be?"""

import time

from media_worker import passthrough
from media_worker.ladder import Ladder
from media_worker.packager.source_facts import SourceFacts
from media_worker.passthrough import Verdict
from media_worker.process.contract import RunSpec
from media_worker.process.ingest_statistics import IngestWatch
from media_worker.source import Source

# The tap speaks twice a second.
_JUDGE_SECONDS = 0.25


class SourceWatch:
    """One run's source. The players of a copied picture see every change of it, those of a converted one none."""

    def __init__(self, spec: RunSpec, source: Source, ladder: Ladder, ingest: IngestWatch) -> None:
        self._spec = spec
        self._ingest = ingest
        self._source = source
        self._ladder = ladder
        self._trouble = ""
        self._judged_at = time.monotonic()

    def verdict(self, tap: SourceFacts) -> Verdict:
        """Whether the next run of this encoder may pass its picture through."""
        if self._trouble:
            return Verdict(safe=False, words=self._trouble)
        if self._ladder.copied:
            return Verdict(safe=True if len(tap.signal.gops) >= passthrough.ENOUGH_GOPS else None)
        source = self._source
        return passthrough.judge(
            self._spec.quality, width=source.width, height=source.height, fps=source.fps, signal=tap.signal
        )

    def trouble(self, tap: SourceFacts) -> str:
        """Why this run cannot go on passing its picture through; "" while it can, and where it does not."""
        now = time.monotonic()
        if self._ladder.copied and not self._trouble and now - self._judged_at >= _JUDGE_SECONDS:
            self._judged_at = now
            self._trouble = passthrough.trouble(self._ladder, tap.signal) or self._resized()
        return self._trouble

    def uncut(self) -> str:
        """The packager missed a keyframe. "" where that is not the source's fault."""
        if self._ladder.copied:
            self._trouble = self._trouble or passthrough.uncut()
        return self._trouble

    def _resized(self) -> str:
        """A copied picture that changes its size cannot be decoded any more: its header stays the old one's."""
        seen = self._ingest.seen.source if self._ingest.seen else None
        if seen is None or not seen.ready or (seen.width, seen.height) == (self._source.width, self._source.height):
            return ""
        return passthrough.resized(seen.width, seen.height)

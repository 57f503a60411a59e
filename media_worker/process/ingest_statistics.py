"""Asks the ingest every two seconds what arrives, from a thread of its own: an ingest that hangs stops no picture."""

import threading
from dataclasses import dataclass

from media_worker.ffmpeg import probe
from media_worker.ffmpeg.probe import Rates
from media_worker.process.contract import RunSpec
from media_worker.process.prober import fetch
from media_worker.source import Source

_EVERY_SECONDS = 2.0
_CLOSE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class PublisherSeen:
    source: Source
    rates: Rates


class IngestWatch:
    """`seen` is the ingest's latest word, None where there is none. Close it."""

    def __init__(self, spec: RunSpec) -> None:
        self._spec = spec
        self._closed = threading.Event()
        self._seen: PublisherSeen | None = None
        self._thread = threading.Thread(target=self._look_again, name=f"ingest-{spec.layout.ref}", daemon=True)
        if spec.tools.stat_url:
            self._thread.start()

    @property
    def seen(self) -> PublisherSeen | None:
        return self._seen

    def close(self) -> None:
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def _look_again(self) -> None:
        while not self._closed.wait(_EVERY_SECONDS):
            page = fetch(self._spec, seconds=1.0)
            if page is None:
                self._seen = None
                continue
            source = probe.parse_stat(page, self._spec.source_url)
            rates = probe.parse_rates(page, self._spec.source_url)
            self._seen = PublisherSeen(source, rates) if source and rates else None

"""Asks the ingest every two seconds what arrives, from a thread of its own: an ingest that hangs stops no picture."""

import threading

from media_worker import ingest_page
from media_worker.ingest_page import Publisher
from media_worker.process.contract import RunSpec
from media_worker.process.prober import fetch

_EVERY_SECONDS = 2.0
_CLOSE_SECONDS = 1.5


class IngestWatch:
    """`seen` is the ingest's latest word, None where there is none. Close it."""

    def __init__(self, spec: RunSpec) -> None:
        self._spec = spec
        self._closed = threading.Event()
        self._seen: Publisher | None = None
        self._thread = threading.Thread(target=self._poll, name=f"ingest-{spec.layout.ref}", daemon=True)
        if spec.tools.stat_url:
            self._thread.start()

    @property
    def seen(self) -> Publisher | None:
        return self._seen

    def close(self) -> None:
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def _poll(self) -> None:
        while not self._closed.wait(_EVERY_SECONDS):
            page = fetch(self._spec, seconds=1.0)
            self._seen = ingest_page.publisher(page, self._spec.source_url) if page is not None else None

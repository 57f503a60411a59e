"""Keeps a held run's row alive and up to date, from a thread of its own: the database may be slow, the media not."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Self

from django.db import DatabaseError, connection

from media_worker.domain import reports, runs
from media_worker.domain.claim import Claim
from media_worker.domain.samples import SampleLog
from media_worker.enums import RunState
from media_worker.ladder import Ladder
from media_worker.process.contract import Facts, Order
from media_worker.source import Source

_BEAT_SECONDS = 0.5
_LAST_WORDS_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Heartbeat:
    """Beats, and carries a run's events to the database. Is the run's `events` and `orders` in one.

    A worker that could not renew its lease in time counts itself as lost: somebody else may have taken the room.
    While the database is away it goes on for as long as `ours` says that nobody has.
    """

    def __init__(self, hold: Claim, *, lease_seconds: float, ours: Callable[[], bool]) -> None:
        self._hold = hold
        self._lease_seconds = lease_seconds
        self._ours = ours
        self._renewed_at = time.monotonic()
        self._order = Order.GO
        self._news: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._samples = SampleLog(hold.run_id)
        # Of facts that could not be told in time only the newest count.
        self._latest: Facts | None = None
        # What must not get lost while the database is away, in order.
        self._owed: deque[Callable[[], object]] = deque()
        self._away = False
        self._thread = threading.Thread(target=self._keep, name=f"keeper-{hold.run_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever was told before is written, or given up after a few seconds."""
        self._samples.close()
        self._news.put(None)
        self._thread.join(_LAST_WORDS_SECONDS)

    def order(self) -> Order:
        silent = time.monotonic() - self._renewed_at > self._lease_seconds
        if silent and not (self._away and self._ours()):
            self._order = Order.LOST
        return self._order

    def chosen(self, source: Source, ladder: Ladder) -> None:
        renditions: list[dict[str, str | int | float]] = [
            {
                "name": item.name,
                "width": item.width,
                "height": item.height,
                "fps": round(float(item.fps), 3),
                "bitrate": item.bitrate,
            }
            for item in ladder.renditions
        ]
        self._news.put(lambda: runs.note_source(self._hold, source))
        self._news.put(lambda: runs.note_renditions(self._hold, renditions, note=ladder.note, copied=ladder.copied))

    def playable(self) -> None:
        self._owed.append(lambda: runs.mark_playable(self._hold))
        self._news.put(self._pay)

    def progress(self, facts: Facts) -> None:
        self._samples.add(facts)
        self._latest = facts
        self._news.put(self._report)

    def _keep(self) -> None:
        try:
            while self._order is not Order.LOST:
                self._beat()
                more = self._write_news(until=time.monotonic() + _BEAT_SECONDS)
                self._write(self._samples.write)
                if not more:
                    return
            # Whoever has the run now, what it was like until here is ours to say.
            self._write(self._samples.write)
        finally:
            connection.close()

    def _beat(self) -> None:
        asked_at = time.monotonic()
        try:
            state = runs.beat(self._hold)
        except DatabaseError:
            _log.warning("run %s cannot renew its lease", self._hold.run_id, exc_info=not self._away)
            connection.close()
            self._away = True
            return
        if state is None:
            self._order = Order.LOST
        elif self.order() is not Order.LOST:
            self._renewed_at = asked_at
            self._order = Order.STOP if state is RunState.STOPPING else Order.GO
            if self._owed:
                self._news.put(self._pay)
        self._away = False  # last: until the lease is renewed, it is being away that excuses the silence

    def _report(self) -> None:
        facts, self._latest = self._latest, None
        if facts is not None:
            reports.record(self._hold, facts)

    def _pay(self) -> None:
        while self._owed:
            self._owed[0]()
            self._owed.popleft()

    def _write_news(self, *, until: float) -> bool:
        """Writes what comes until then. False: there will be no more."""
        while (left := until - time.monotonic()) > 0:
            try:
                write = self._news.get(timeout=left)
            except queue.Empty:
                return True
            if write is None:
                return False
            self._write(write)
        return True

    def _write(self, write: Callable[[], object]) -> None:
        try:
            write()
        except DatabaseError:
            _log.warning("run %s could not write a report", self._hold.run_id, exc_info=not self._away)
            connection.close()

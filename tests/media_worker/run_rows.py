"""Short helpers for tests of runs in the database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from fitfriends.core import clock
from media_worker.domain import runs
from media_worker.domain.claim import Claim
from media_worker.enums import RunReason
from media_worker.models import TranscodeRun
from media_worker.process.contract import Outcome, SignalReport

ROOM = "room-abcdefgh"
REPORT = SignalReport(1280, 720, 30.0, 2_500_000, "H264", "AAC", 2.0, 1.0, 0)
ENDED = Outcome(RunReason.SOURCE_ENDED, exit_code=0)
Commits = Callable[[], AbstractContextManager[object]]


class Sent(list[tuple[str, int]]):
    """What was put into the queue and announced, in order."""

    def names(self) -> list[str]:
        return [name for name, _ in self]


def start(client: str = "1", ref: str = ROOM) -> TranscodeRun:
    return runs.start(ref, client_id=client, source_url="rtmp://127.0.0.1/live/in-x", quality="HD")


def held(run: TranscodeRun, worker: str = "media@a") -> Claim:
    claimed = runs.claim(run.pk, worker=worker)
    assert claimed is not None
    return claimed[1]


def silent(run: TranscodeRun) -> None:
    TranscodeRun.objects.filter(pk=run.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def fresh(run: TranscodeRun) -> TranscodeRun:
    return TranscodeRun.objects.get(pk=run.pk)

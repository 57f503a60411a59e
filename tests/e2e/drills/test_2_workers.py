"""What makes the picture dies under a broadcaster who stays."""

import os
import signal

from tests.e2e.drills.evening import Evening, kill
from tests.e2e.parts import until


def test_ffmpeg_killed(evening: Evening) -> None:
    with evening.drill("ffmpeg killed"):
        (pid,) = evening.transcoders
        os.kill(pid, signal.SIGKILL)
    assert "transcoder" in evening.happened(2)


def test_media_worker_killed(evening: Evening) -> None:
    with evening.drill("media worker killed"):
        until(kill(evening.stack, "media"), what="a new media worker")
    assert "transcoder" in evening.happened(2)


def test_both_celery_workers_killed(evening: Evening) -> None:
    with evening.drill("both Celery workers killed"):
        until(kill(evening.stack, "media", "default"), what="new workers")
    assert "transcoder" in evening.happened(2)

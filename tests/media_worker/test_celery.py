"""A real Celery worker: killed outright it leaves nothing running, shut down in order it hands its run over."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from fitfriends.core import clock
from media_worker.domain import runs
from media_worker.domain.room_files import room_layout
from media_worker.enums import RunReason, RunState
from media_worker.models import TranscodeRun
from media_worker.packager import journal
from tests.media_worker import sources

pytestmark = [pytest.mark.media, pytest.mark.integration, pytest.mark.django_db(transaction=True)]

PROJECT = Path(__file__).parents[2]
ROOM = "room-abcdefgh"


@dataclass
class Workers:
    """Starts Celery workers on this test's database, broker and files."""

    environment: dict[str, str]
    processes: list["subprocess.Popen[bytes]"]

    def start(self, name: str) -> "subprocess.Popen[bytes]":
        options = "-Q media -c 1 --prefetch-multiplier 1 -O fair -l INFO --without-mingle --without-gossip"
        command = [
            str(Path(sys.executable).with_name("celery")),
            "-A",
            "fitfriends",
            "worker",
            "-n",
            name,
            *options.split(),
        ]
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process


@pytest.fixture
def workers(settings: Settings, tmp_path: Path) -> Iterator[Workers]:
    settings.HLS_ROOT = str(tmp_path / "hls")
    settings.RTMP_STAT_URL = ""
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address}/{connection.settings_dict['NAME']}",
        "HLS_ROOT": settings.HLS_ROOT,
        "RTMP_STAT_URL": "",
        "RUN_LEASE_SECONDS": "6",
    }
    found = Workers(environment, [])
    yield found
    for process in found.processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    _soon(lambda: not _ffmpegs(tmp_path))


def _ffmpegs(folder: Path) -> list[int]:
    """Every live ffmpeg that reads from this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if words.startswith(b"ffmpeg\0") and str(folder).encode() in words:
                found.append(int(entry.name))
    return found


def _soon(condition: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def _start(clip: Path) -> TranscodeRun:
    return runs.start(ROOM, client_id="1", source_url=str(clip), quality="HD")


def _over(run: TranscodeRun) -> bool:
    runs.reap(clock.now())
    return TranscodeRun.objects.get(pk=run.pk).state == RunState.FINISHED


def _playable() -> bool:
    # As beat does: the message of a run expires while a worker is slow to start, and is sent again.
    runs.reap(clock.now())
    return runs.playable(ROOM)


def test_lost_and_leaving_workers_are_replaced(workers: Workers, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "clip.mp4", seconds=120, size="320x180")
    first = _start(clip)
    killed = workers.start("media@killed")
    _soon(_playable)
    leaving = workers.start("media@leaving")

    killed.kill()  # the master alone: its pool and its ffmpeg have to notice by themselves
    _soon(lambda: not _ffmpegs(tmp_path), 3)
    _soon(lambda: _over(first), 10)
    second = _start(clip)
    _soon(_playable)

    leaving.terminate()
    _soon(lambda: _over(second), 10)
    assert leaving.wait(20) == 0
    assert not _ffmpegs(tmp_path)

    reasons = TranscodeRun.objects.order_by("pk").values_list("reason", "worker")
    assert list(reasons) == [
        (RunReason.WORKER_LOST, "media@killed"),
        (RunReason.WORKER_LOST, "media@leaving"),
    ]
    found = journal.read(room_layout(ROOM).journal).segments
    assert [line.msn for line in found] == list(range(len(found)))
    assert [line.disc for line in found] == sorted(line.disc for line in found)
    assert {line.run for line in found} == {first.pk, second.pk}

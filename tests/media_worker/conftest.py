"""Fixtures of runs: what a real ffmpeg reads and writes, what reaches the broker and the receivers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.dispatch import Signal
from pytest_django import DjangoCaptureOnCommitCallbacks

from fitfriends.celery import app as celery_app
from media_worker import signals
from media_worker.domain import dispatch
from media_worker.layout import RoomLayout
from media_worker.models import TranscodeRun
from tests.media_worker import sources
from tests.media_worker.owner import ROOM, ffmpegs
from tests.media_worker.run_rows import Commits, Sent


@pytest.fixture(scope="session")
def hd_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sources.make(tmp_path_factory.mktemp("clip") / "hd.mp4", seconds=6, size="1280x720")


@pytest.fixture
def layout(tmp_path: Path) -> RoomLayout:
    return RoomLayout(tmp_path / "hls", ROOM)


@pytest.fixture
def nothing_left_behind() -> Iterator[None]:
    yield
    assert ffmpegs() == []


@pytest.fixture
def sent(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Sent]:
    """The broker and the receivers are at the border: here they only write down what reaches them."""
    found = Sent()

    def send_task(name: str, args: tuple[int] | tuple[str], **_: float) -> None:
        assert name in {dispatch.TRANSCODE, dispatch.CLOSE_ROOM}
        sent = args[0]
        found.append(("queued", sent) if isinstance(sent, int) else (f"close {sent}", 0))

    monkeypatch.setattr(celery_app, "send_task", send_task)
    with _listening(signals.run_playable, "playable", found), _listening(signals.run_finished, "finished", found):
        yield found


@contextmanager
def _listening(signal: Signal, name: str, found: Sent) -> Iterator[None]:
    def hear(run: TranscodeRun, **_: object) -> None:
        found.append((name, run.pk))

    signal.connect(hear)
    yield
    signal.disconnect(hear)


@pytest.fixture
def commits(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Commits:
    return lambda: django_capture_on_commit_callbacks(execute=True)

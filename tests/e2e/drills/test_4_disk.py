"""The room's folder fills up: a small tmpfs, mounted before the class's first file. Needs root."""

import os

import pytest

from tests.e2e.drills.evening import Evening
from tests.e2e.parts import until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small tmpfs")


def test_full_media_folder(evening: Evening) -> None:
    filler = evening.folder / "filler"
    with evening.drill("media folder full"):
        try:
            with filler.open("wb") as file:
                _fill(file.fileno())
            until(lambda: "disk is full" in evening.words(), what="words about the disk")
            until(lambda: evening.look().still > 3, what="a picture that stands still")
        finally:
            filler.unlink()
    assert "transcoder" in evening.happened(10)
    assert evening.state() == "live"


def _fill(file: int) -> None:
    chunk = bytes(1 << 16)
    while True:
        try:
            os.write(file, chunk)
        except OSError:
            return

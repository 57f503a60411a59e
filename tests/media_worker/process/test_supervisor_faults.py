"""A run with a real ffmpeg: whatever goes wrong is named, and leaves nothing behind."""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from media_worker.enums import RunReason
from media_worker.layout import RoomLayout
from media_worker.packager import journal
from media_worker.process.contract import Limits, RunControl
from tests.media_worker import sources
from tests.media_worker.owner import Owner, ffmpegs, spec

pytestmark = [pytest.mark.media, pytest.mark.usefixtures("nothing_left_behind")]


def test_killed_ffmpeg_ends_the_run_and_a_new_one_goes_on(layout: RoomLayout, hd_clip: Path) -> None:
    owner = Owner(on_playable=lambda: os.kill(ffmpegs()[0], signal.SIGKILL))

    outcome = owner.carry(spec(layout, hd_clip))

    assert (outcome.reason, outcome.exit_code) == (RunReason.FFMPEG_FAILED, -9)
    assert "SIGKILL" in outcome.detail
    assert "started again" in outcome.note
    before = journal.read(layout.journal).next_msn

    Owner().carry(spec(layout, hd_clip, run=2))

    after = journal.read(layout.journal).segments
    assert after[before].run == 2
    assert [line.msn for line in after] == list(range(len(after)))


def test_lost_run_kills_its_ffmpeg_and_writes_nothing_more(layout: RoomLayout, hd_clip: Path) -> None:
    seen: list[bytes] = []
    owner = Owner()

    def lose() -> None:
        owner.state = RunControl.LOST
        seen.append(layout.journal.read_bytes())

    owner.on_playable = lose
    began = time.monotonic()

    outcome = owner.carry(spec(layout, hd_clip))

    assert outcome.reason is RunReason.WORKER_LOST
    assert time.monotonic() - began < 4
    assert [layout.journal.read_bytes()] == seen
    assert not list(layout.folder.rglob("*.tmp"))


def test_source_that_is_not_there_is_no_video(layout: RoomLayout, tmp_path: Path) -> None:
    began = time.monotonic()

    outcome = Owner().carry(spec(layout, tmp_path / "nothing.mp4", limits=Limits(no_video=1.0)))

    assert outcome.reason is RunReason.NO_VIDEO
    assert "H.264" in outcome.note
    assert "keyframe interval" in outcome.note
    assert time.monotonic() - began < 3
    assert not layout.folder.exists()


def test_sound_alone_is_no_video(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "a.mp4", seconds=2)
    outcome = Owner().carry(spec(layout, sources.sound_of(clip), limits=Limits(no_video=1.0)))

    assert outcome.reason is RunReason.NO_VIDEO


def test_other_codec_is_named(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "old.mp4", seconds=2, video="mpeg4")

    outcome = Owner().carry(spec(layout, clip, limits=Limits(no_video=3.0)))

    assert outcome.reason is RunReason.UNSUPPORTED_CODEC
    assert "mpeg4" in outcome.note
    assert "H.264" in outcome.note


def test_frozen_source_ends_the_run_and_says_so(layout: RoomLayout, hd_clip: Path) -> None:
    owner = Owner()
    # Whoever freezes ffmpeg freezes the signal.
    owner.on_playable = lambda: os.kill(ffmpegs()[0], signal.SIGSTOP)

    outcome = owner.carry(spec(layout, hd_clip, limits=Limits(stall=1.0, stop_grace=0.5)))

    assert outcome.reason is RunReason.SOURCE_ENDED
    assert "froze" in outcome.note
    assert journal.read(layout.journal).next_msn >= 1


def test_time_line_that_runs_ahead_of_the_clock_ends_the_run(layout: RoomLayout, hd_clip: Path) -> None:
    outcome = Owner().carry(spec(layout, hd_clip, limits=Limits(ahead=-1.0)))

    assert outcome.reason is RunReason.FFMPEG_FAILED
    assert "jumped" in outcome.note


def test_stop_while_nobody_publishes_yet(layout: RoomLayout, tmp_path: Path) -> None:
    outcome = Owner(state=RunControl.STOP).carry(spec(layout, tmp_path / "nothing.mp4"))

    assert outcome.reason is RunReason.REQUESTED


def test_ffmpeg_that_cannot_start_is_our_failure(layout: RoomLayout, hd_clip: Path) -> None:
    given = spec(layout, hd_clip, limits=Limits(no_video=4.0))

    outcome = Owner().carry(replace(given, tools=replace(given.tools, ffmpeg="false")))

    assert outcome.reason is RunReason.FFMPEG_FAILED
    assert outcome.exit_code == 1
    assert not layout.multivariant.exists()


def test_ffmpeg_that_writes_no_media_is_our_failure(layout: RoomLayout, hd_clip: Path, tmp_path: Path) -> None:
    fake = tmp_path / "ffmpeg"
    fake.write_text(
        f"#!{sys.executable} -SE\nimport os, sys\n"
        "out = int(sys.argv[-1].removeprefix('pipe:'))\nwhile True: os.write(out, b'garbage ' * 1000)\n"
    )
    fake.chmod(0o755)
    given = spec(layout, hd_clip, limits=Limits(no_video=20.0))

    outcome = Owner().carry(replace(given, tools=replace(given.tools, ffmpeg=str(fake))))

    assert outcome.reason is RunReason.FFMPEG_FAILED
    assert "box" in outcome.detail

"""A run with a real ffmpeg: what comes out can be played."""

import itertools
import threading
import time
from pathlib import Path

import pytest

from media_worker.enums import RunReason
from media_worker.layout import RoomLayout
from media_worker.packager import journal
from media_worker.process.contract import RunControl
from tests.media_worker import sources
from tests.media_worker.owner import Owner, spec

pytestmark = [pytest.mark.media, pytest.mark.usefixtures("nothing_left_behind")]


def test_run_over_its_source_gives_a_playlist_that_plays(layout: RoomLayout, hd_clip: Path, tmp_path: Path) -> None:
    owner = Owner()

    outcome = owner.carry(spec(layout, hd_clip))

    assert (outcome.reason, outcome.exit_code) == (RunReason.SOURCE_ENDED, 0)
    assert owner.playable_count == 1
    past = journal.read(layout.journal)
    assert [round(line.duration, 2) for line in past.segments] == [1, 2, 2, 1]
    assert past.renditions == ("720p", "480p")

    copy = sources.playable_copy(layout, tmp_path / "copy")
    for name in past.renditions:
        frames, complaints = sources.decoded_frames(copy.parent / name / "playlist.m3u8")
        assert (frames, complaints) == (180, "")
        # Sound is there all the time: 48000 samples a second in packets of 1024.
        assert abs(len(sources.packets(copy.parent / name / "playlist.m3u8", "a:0")) - 6 * 48000 / 1024) <= 2
    assert len(sources.packets(copy)) == 180
    assert not list(layout.folder.rglob("*.tmp"))


def test_renditions_are_cut_at_the_same_frames(layout: RoomLayout, hd_clip: Path, tmp_path: Path) -> None:
    Owner().carry(spec(layout, hd_clip))

    copy = sources.playable_copy(layout, tmp_path / "copy").parent
    high, low = (sources.packets(copy / name / "playlist.m3u8") for name in ("720p", "480p"))

    def keyframes(found: list[sources.Packet]) -> list[float]:
        return [round(float(item["pts_time"]), 3) for item in found if item["flags"].startswith("K")]

    assert keyframes(high) == keyframes(low) == [10.0, 11.0, 13.0, 15.0]
    steps = [float(b["pts_time"]) - float(a["pts_time"]) for a, b in itertools.pairwise(high)]
    assert all(abs(step - 1 / 30) < 0.001 for step in steps)


@pytest.mark.parametrize(("late", "expected"), [(0.4, (10.0, 10.4)), (-0.4, (10.4, 10.4))])
def test_sound_stays_with_its_picture(
    layout: RoomLayout, tmp_path: Path, late: float, expected: tuple[float, float]
) -> None:
    """Each keeps its place on the one time line; sound before the first picture is left out."""
    clip = sources.make(tmp_path / "late.mkv", seconds=3, sound_late=late)

    Owner().carry(spec(layout, clip))

    copy = sources.playable_copy(layout, tmp_path / "copy")
    starts = tuple(float(sources.packets(copy, stream)[0]["pts_time"]) for stream in ("v:0", "a:0"))
    assert starts == pytest.approx(expected, abs=0.05)


def test_second_run_continues_the_first(layout: RoomLayout, hd_clip: Path, tmp_path: Path) -> None:
    Owner().carry(spec(layout, hd_clip, run=1))
    Owner().carry(spec(layout, hd_clip, run=2))

    past = journal.read(layout.journal)
    assert [(line.msn, line.run, line.disc) for line in past.segments] == [
        *((msn, 1, 0) for msn in range(4)),
        *((msn, 2, 1) for msn in range(4, 8)),
    ]
    copy = sources.playable_copy(layout, tmp_path / "copy").parent
    for name in past.renditions:
        assert len(sources.packets(copy / name / "playlist.m3u8")) == 360


def test_source_without_sound_and_small_gives_one_rendition(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "silent.mp4", seconds=2, size="642x362", rate="30000/1001", audio="")

    Owner().carry(spec(layout, clip))

    (run,) = journal.read(layout.journal).runs
    (variant,) = run.variants
    assert (variant.name, variant.width, variant.height, variant.fps) == ("480p", 642, 362, 29.97)
    assert variant.codecs.startswith("avc1.64")
    assert "," not in variant.codecs


def test_sound_that_is_not_aac_is_encoded(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "mp3.mov", seconds=2, audio="libmp3lame")

    Owner().carry(spec(layout, clip))

    (run,) = journal.read(layout.journal).runs
    assert run.variants[0].codecs.endswith(",mp4a.40.2")


def test_signal_is_reported(layout: RoomLayout, hd_clip: Path) -> None:
    owner = Owner()

    owner.carry(spec(layout, hd_clip))

    last = owner.facts[-1]
    assert (last.width, last.height, last.video_codec, last.audio_codec) == (1280, 720, "H264", "AAC")
    assert last.keyframe_gap == 2.0
    assert 25 < last.fps < 35
    assert 200_000 < last.bitrate < 3_000_000


def test_stop_keeps_what_was_recorded(layout: RoomLayout, hd_clip: Path) -> None:
    owner = Owner()
    owner.on_playable = lambda: threading.Timer(1.0, lambda: setattr(owner, "state", RunControl.STOP)).start()

    began = time.monotonic()
    outcome = owner.carry(spec(layout, hd_clip))

    assert outcome.reason is RunReason.REQUESTED
    assert time.monotonic() - began < 5
    durations = [line.duration for line in journal.read(layout.journal).segments]
    assert durations[0] == 1
    assert 1.5 < sum(durations) < 4

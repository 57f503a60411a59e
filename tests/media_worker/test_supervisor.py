"""A run with a real ffmpeg: what comes out can be played, and nothing is left behind whatever goes wrong."""

import itertools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from media_worker.enums import Quality, RunReason
from media_worker.ffmpeg.probe import Source
from media_worker.ladder import Ladder
from media_worker.layout import RoomLayout
from media_worker.packager import journal
from media_worker.process.contract import Facts, Limits, Order, Outcome, RunSpec, Tools
from media_worker.process.supervisor import supervise
from tests.media_worker import sources

pytestmark = pytest.mark.media

ROOM = "room-abcdefgh"


@dataclass
class Owner:
    """Takes a run's events and gives its orders; the tests are its database."""

    order: Order = Order.GO
    on_playable: Callable[[], None] = lambda: None
    playable_count: int = 0
    facts: list[Facts] = field(default_factory=list)
    ladder: Ladder | None = None

    def chosen(self, _source: Source, ladder: Ladder) -> None:
        self.ladder = ladder

    def playable(self) -> None:
        self.playable_count += 1
        self.on_playable()

    def progress(self, facts: Facts) -> None:
        self.facts.append(facts)

    def orders(self) -> Order:
        return self.order

    def carry(self, spec: RunSpec) -> Outcome:
        return supervise(spec, events=self, orders=self.orders)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sources.make(tmp_path_factory.mktemp("clip") / "hd.mp4", seconds=6, size="1280x720")


@pytest.fixture
def layout(tmp_path: Path) -> RoomLayout:
    return RoomLayout(tmp_path / "hls", ROOM)


def _spec(layout: RoomLayout, source: Path | str, *, run: int = 1, limits: Limits | None = None) -> RunSpec:
    return RunSpec(run, layout, str(source), Quality.AUTO, 10, Tools(), limits or Limits())


def _ffmpegs() -> list[int]:
    """Our children that are ffmpeg."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == os.getpid() and (entry / "comm").read_text().strip() == "ffmpeg":
                    found.append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


@pytest.fixture(autouse=True)
def nothing_left_behind() -> object:
    yield
    assert _ffmpegs() == []


def test_run_over_its_source_gives_a_playlist_that_plays(layout: RoomLayout, clip: Path, tmp_path: Path) -> None:
    owner = Owner()

    outcome = owner.carry(_spec(layout, clip))

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


def test_renditions_are_cut_at_the_same_frames(layout: RoomLayout, clip: Path, tmp_path: Path) -> None:
    Owner().carry(_spec(layout, clip))

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

    Owner().carry(_spec(layout, clip))

    copy = sources.playable_copy(layout, tmp_path / "copy")
    starts = tuple(float(sources.packets(copy, stream)[0]["pts_time"]) for stream in ("v:0", "a:0"))
    assert starts == pytest.approx(expected, abs=0.05)


def test_second_run_continues_the_first(layout: RoomLayout, clip: Path, tmp_path: Path) -> None:
    Owner().carry(_spec(layout, clip, run=1))
    Owner().carry(_spec(layout, clip, run=2))

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

    Owner().carry(_spec(layout, clip))

    (run,) = journal.read(layout.journal).runs
    (variant,) = run.variants
    assert (variant.name, variant.width, variant.height, variant.fps) == ("480p", 642, 362, 29.97)
    assert variant.codecs.startswith("avc1.64")
    assert "," not in variant.codecs


def test_sound_that_is_not_aac_is_encoded(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "mp3.mov", seconds=2, audio="libmp3lame")

    Owner().carry(_spec(layout, clip))

    (run,) = journal.read(layout.journal).runs
    assert run.variants[0].codecs.endswith(",mp4a.40.2")


def test_facts_about_the_signal_are_told(layout: RoomLayout, clip: Path) -> None:
    owner = Owner()

    owner.carry(_spec(layout, clip))

    last = owner.facts[-1]
    assert (last.width, last.height, last.video_codec, last.audio_codec) == (1280, 720, "H264", "AAC")
    assert last.keyframe_gap == 2.0
    assert 25 < last.fps < 35
    assert 200_000 < last.bitrate < 3_000_000


def test_stop_keeps_what_was_recorded(layout: RoomLayout, clip: Path) -> None:
    owner = Owner()
    owner.on_playable = lambda: threading.Timer(1.0, lambda: setattr(owner, "order", Order.STOP)).start()

    began = time.monotonic()
    outcome = owner.carry(_spec(layout, clip))

    assert outcome.reason is RunReason.REQUESTED
    assert time.monotonic() - began < 5
    durations = [line.duration for line in journal.read(layout.journal).segments]
    assert durations[0] == 1
    assert 1.5 < sum(durations) < 4


def test_killed_ffmpeg_ends_the_run_and_a_new_one_goes_on(layout: RoomLayout, clip: Path) -> None:
    owner = Owner(on_playable=lambda: os.kill(_ffmpegs()[0], signal.SIGKILL))

    outcome = owner.carry(_spec(layout, clip))

    assert (outcome.reason, outcome.exit_code) == (RunReason.FFMPEG_FAILED, -9)
    assert "SIGKILL" in outcome.detail
    assert "started again" in outcome.note
    before = journal.read(layout.journal).next_msn

    Owner().carry(_spec(layout, clip, run=2))

    after = journal.read(layout.journal).segments
    assert after[before].run == 2
    assert [line.msn for line in after] == list(range(len(after)))


def test_lost_run_kills_its_ffmpeg_and_writes_nothing_more(layout: RoomLayout, clip: Path) -> None:
    seen: list[bytes] = []
    owner = Owner()

    def lose() -> None:
        owner.order = Order.LOST
        seen.append(layout.journal.read_bytes())

    owner.on_playable = lose
    began = time.monotonic()

    outcome = owner.carry(_spec(layout, clip))

    assert outcome.reason is RunReason.WORKER_LOST
    assert time.monotonic() - began < 4
    assert [layout.journal.read_bytes()] == seen
    assert not list(layout.folder.rglob("*.tmp"))


def test_source_that_is_not_there_is_no_video(layout: RoomLayout, tmp_path: Path) -> None:
    began = time.monotonic()

    outcome = Owner().carry(_spec(layout, tmp_path / "nothing.mp4", limits=Limits(no_video=1.0)))

    assert outcome.reason is RunReason.NO_VIDEO
    assert "H.264" in outcome.note
    assert "keyframe interval" in outcome.note
    assert time.monotonic() - began < 3
    assert not layout.folder.exists()


def test_sound_alone_is_no_video(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "a.mp4", seconds=2)
    outcome = Owner().carry(_spec(layout, sources.sound_of(clip), limits=Limits(no_video=1.0)))

    assert outcome.reason is RunReason.NO_VIDEO


def test_other_codec_is_named(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "old.mp4", seconds=2, video="mpeg4")

    outcome = Owner().carry(_spec(layout, clip, limits=Limits(no_video=3.0)))

    assert outcome.reason is RunReason.UNSUPPORTED_CODEC
    assert "mpeg4" in outcome.note
    assert "H.264" in outcome.note


def test_stop_while_nobody_publishes_yet(layout: RoomLayout, tmp_path: Path) -> None:
    outcome = Owner(order=Order.STOP).carry(_spec(layout, tmp_path / "nothing.mp4"))

    assert outcome.reason is RunReason.REQUESTED


def test_ffmpeg_that_cannot_start_is_our_failure(layout: RoomLayout, clip: Path) -> None:
    spec = _spec(layout, clip, limits=Limits(no_video=1.5))

    outcome = Owner().carry(replace(spec, tools=replace(spec.tools, ffmpeg="false")))

    assert outcome.reason is RunReason.FFMPEG_FAILED
    assert outcome.exit_code == 1
    assert not layout.multivariant.exists()


def test_ffmpeg_that_writes_no_media_is_our_failure(layout: RoomLayout, clip: Path, tmp_path: Path) -> None:
    fake = tmp_path / "ffmpeg"
    fake.write_text(
        f"#!{sys.executable} -SE\nimport os, sys\n"
        "out = int(sys.argv[-1].removeprefix('pipe:'))\nwhile True: os.write(out, b'garbage ' * 1000)\n"
    )
    fake.chmod(0o755)
    spec = _spec(layout, clip, limits=Limits(no_video=1.5))

    outcome = Owner().carry(replace(spec, tools=replace(spec.tools, ffmpeg=str(fake))))

    assert outcome.reason is RunReason.FFMPEG_FAILED
    assert "box" in outcome.detail

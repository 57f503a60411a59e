"""Sources that misbehave: each ends in a playing class or with a reason."""

from pathlib import Path

import pytest

from media_worker.enums import RunReason
from media_worker.layout import RoomLayout
from media_worker.packager import journal
from media_worker.process.contract import Limits
from tests.media_worker import sources
from tests.media_worker.owner import Owner, history, spec

pytestmark = [pytest.mark.media, pytest.mark.usefixtures("nothing_left_behind")]


def _durations(layout: RoomLayout) -> list[float]:
    return [line.duration for line in journal.read(layout.journal).segments]


@pytest.mark.parametrize("change", [{"size": "320x180"}, {"size": "360x640"}, {"rate": "15"}])
def test_converted_class_goes_on_when_its_source_changes(
    layout: RoomLayout, tmp_path: Path, change: dict[str, str]
) -> None:
    first = sources.make(tmp_path / "a.flv", seconds=3)
    second = sources.make(tmp_path / "b.flv", seconds=3, gop=30, **change)  # type: ignore[arg-type]
    clip = sources.spliced(tmp_path / "both.flv", first, second, at=3)

    outcome = Owner().carry(spec(layout, clip))

    assert outcome.reason is RunReason.SOURCE_ENDED
    copy = sources.playable_copy(layout, tmp_path / "copy")
    frames, complaints = sources.decoded_frames(copy)
    assert complaints == ""
    assert abs(frames - 180) <= 3
    assert max(_durations(layout)) <= 2.1


def test_uneven_frame_rate_becomes_even_and_is_named(layout: RoomLayout, tmp_path: Path) -> None:
    drops = ("-vf", r"select='gt(mod(n*7\,11)\,3)'", "-fps_mode", "vfr")
    clip = sources.make(tmp_path / "uneven.flv", seconds=7, words=drops)
    owner = Owner()

    outcome = owner.carry(spec(layout, clip))

    assert outcome.reason is RunReason.SOURCE_ENDED
    assert owner.facts[-1].passthrough.safe is False
    assert owner.facts[-1].passthrough.reason
    packets = sources.packets(sources.playable_copy(layout, tmp_path / "copy"))
    assert abs(len(packets) - 210) <= 6


def test_time_that_jumps_ahead_ends_a_converted_run_with_a_reason(layout: RoomLayout, tmp_path: Path) -> None:
    first, second = (sources.make(tmp_path / f"{name}.flv", seconds=3, size="320x180") for name in "ab")
    clip = sources.spliced(tmp_path / "both.flv", first, second, at=3000)

    outcome = Owner().carry(spec(layout, clip, limits=Limits(ahead=4)))

    # A clip read at its own pace freezes; a broadcast would make ffmpeg invent frames.
    assert outcome.reason in {RunReason.SOURCE_ENDED, RunReason.FFMPEG_FAILED}
    assert outcome.note
    assert max(_durations(layout)) <= 2.01


def test_time_that_jumps_back_ends_a_converted_run_with_a_reason(layout: RoomLayout, tmp_path: Path) -> None:
    first = sources.make(tmp_path / "a.flv", seconds=4, size="320x180")
    second = sources.make(tmp_path / "b.flv", seconds=5, size="320x180")
    clip = sources.spliced(tmp_path / "both.flv", first, second, at=0)

    outcome = Owner().carry(spec(layout, clip, limits=Limits(stall=2)))

    assert outcome.reason in {RunReason.SOURCE_ENDED, RunReason.FFMPEG_FAILED}
    assert max(_durations(layout)) <= 2.01


def test_time_that_jumps_ahead_ends_a_copied_run_with_a_reason(layout: RoomLayout, tmp_path: Path) -> None:
    first = sources.make(tmp_path / "a.flv", seconds=4, size="1280x720")
    second = sources.make(tmp_path / "b.flv", seconds=4, size="1280x720")
    clip = sources.spliced(tmp_path / "both.flv", first, second, at=3000)

    outcome = Owner().carry(spec(layout, clip, history=history()))

    assert outcome.reason is RunReason.SOURCE_CHANGED
    assert outcome.note
    assert max(_durations(layout)) <= 2.1

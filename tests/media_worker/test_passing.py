"""The source's own picture as the top rendition: cut with the others, watched, given up in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from media_worker.enums import RunReason
from media_worker.layout import RoomLayout
from media_worker.packager import journal
from tests.media_worker import sources
from tests.media_worker.owner import Owner, history, spec

pytestmark = [pytest.mark.media, pytest.mark.usefixtures("nothing_left_behind")]


@pytest.mark.parametrize("b_frames", [0, 2])
def test_copied_and_encoded_renditions_are_cut_at_the_same_frames(
    layout: RoomLayout, tmp_path: Path, b_frames: int
) -> None:
    """FLV, whose clock counts milliseconds, as RTMP does."""
    clip = sources.make(tmp_path / "hd.flv", seconds=6, size="1280x720", b_frames=b_frames)
    owner = Owner()

    outcome = owner.carry(spec(layout, clip, history=history()))

    assert (outcome.reason, outcome.exit_code) == (RunReason.SOURCE_ENDED, 0)
    past = journal.read(layout.journal)
    assert [round(line.duration, 1) for line in past.segments] == [2, 2, 2]
    copy = sources.playable_copy(layout, tmp_path / "copy").parent
    high, low = (sources.packets(copy / name / "playlist.m3u8") for name in ("720p", "480p"))
    starts = sources.keyframes(high)
    assert starts == pytest.approx(sources.keyframes(low), abs=0.002)
    assert [round(at - starts[0], 2) for at in starts] == [0, 2, 4]
    assert sorted(round(float(item["pts_time"]), 2) for item in high) == pytest.approx(
        sorted(round(float(item["pts_time"]), 2) for item in low), abs=0.011
    )
    for name in past.renditions:
        assert sources.decoded_frames(copy / name / "playlist.m3u8") == (180, "")


def test_copied_picture_is_the_source_itself(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "hd.flv", seconds=2, size="1280x720")

    Owner().carry(spec(layout, clip, history=history()))

    def sizes(playlist: Path) -> list[int]:
        return [int(item["size"]) for item in sources.packets(playlist)]

    copy = sources.playable_copy(layout, tmp_path / "copy").parent
    assert sizes(copy / "720p" / "playlist.m3u8") == sizes(clip)


def test_4k_passes_alone_where_its_smaller_qualities_do_not_fit(layout: RoomLayout, tmp_path: Path) -> None:
    """On two cores; nothing is known of it yet."""
    clip = sources.make(tmp_path / "uhd.flv", seconds=2, size="3840x2160", gop=30)
    owner = Owner()

    owner.carry(spec(layout, clip))

    assert owner.ladder is not None
    assert "Smaller qualities are left out" in owner.ladder.note
    (run,) = journal.read(layout.journal).runs
    assert [(item.name, item.width, item.height) for item in run.variants] == [("2160p", 3840, 2160)]
    copy = sources.playable_copy(layout, tmp_path / "copy")
    assert sources.decoded_frames(copy) == (60, "")


def test_picture_that_the_host_cannot_carry_starts_nothing(layout: RoomLayout, tmp_path: Path) -> None:
    asked: list[float] = []

    def refuse(cores: float) -> str:
        asked.append(cores)
        return "busy"

    clip = sources.make(tmp_path / "sd.flv", seconds=2)

    outcome = Owner().carry(replace(spec(layout, clip), admit=refuse))

    assert (outcome.reason, outcome.note) == (RunReason.NO_CAPACITY, "busy")
    assert [round(cores, 1) for cores in asked] == [0.2]
    assert not journal.read(layout.journal).runs


def test_first_run_of_a_good_source_shows_that_it_may_pass(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "hd.flv", seconds=9, size="1280x720")
    owner = Owner()

    owner.carry(spec(layout, clip))

    assert owner.ladder is not None
    assert not owner.ladder.copied
    assert owner.facts[-1].passthrough.safe is True


def test_source_whose_keyframes_become_rare_is_converted_by_the_next_run(layout: RoomLayout, tmp_path: Path) -> None:
    good = sources.make(tmp_path / "a.flv", seconds=4, size="1280x720")
    rare = sources.make(tmp_path / "b.flv", seconds=6, size="1280x720", gop=180)
    clip = sources.joined(tmp_path / "joined.flv", good, rare)
    owner = Owner()

    outcome = owner.carry(spec(layout, clip, history=history()))

    assert outcome.reason is RunReason.SOURCE_CHANGED
    assert "keyframe interval to 2 seconds" in outcome.note
    assert owner.facts[-1].passthrough.safe is False
    Owner().carry(spec(layout, rare, run=2, history=history(safe=False)))
    past = journal.read(layout.journal)
    assert [line.msn for line in past.segments] == list(range(len(past.segments)))
    for name in past.renditions:
        frames, complaints = sources.decoded_run(layout, past, name, run=1)
        assert 120 <= frames <= 200  # as far as it was seen that no keyframe came
        assert complaints == ""
        assert sources.decoded_run(layout, past, name, run=2) == (180, "")

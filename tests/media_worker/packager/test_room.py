"""A room's files over runs, crashes and ends, from fragments made by hand."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import pytest

from media_worker import ladder
from media_worker.enums import Quality
from media_worker.layout import RoomLayout
from media_worker.packager import ended_rooms, journal
from media_worker.packager.fragments import FragmentReader
from media_worker.packager.playlist_sink import PlaylistSink
from media_worker.packager.room import PackagerError, RoomWriter
from media_worker.packager.segments import CutError, CutPlan, Segment, SegmentWriter
from tests.media_worker import mp4

HD = ladder.build(Quality.HD, width=1280, height=720, fps=Fraction(30))
SD = ladder.build(Quality.SD, width=1280, height=720, fps=Fraction(30))


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[RoomLayout]:
    yield RoomLayout(tmp_path, "room-abcdefgh")
    while Run.opened:
        Run.opened.pop().abandon()


class Run:
    """A run whose renditions are fed by hand. One that is not closed has crashed."""

    opened: ClassVar[list[RoomWriter]] = []

    def __init__(
        self,
        layout: RoomLayout,
        run: int,
        rungs: ladder.Ladder = HD,
        *,
        window: float = 600,
        push: PlaylistSink | None = None,
    ) -> None:
        self.room = RoomWriter(layout, run=run, ladder=rungs, window=window, sink=push)
        self.opened.append(self.room)
        self._readers = {item.name: FragmentReader() for item in rungs.renditions}
        for name in self._readers:
            self._feed(name, mp4.init())

    def _feed(self, name: str, data: bytes) -> None:
        for item in self._readers[name].feed(data):
            self.room.accept(name, item)

    def push(self, name: str, segments: list[int], first_frame: int = 300) -> None:
        for chunk in mp4.stream(segments, first_frame=first_frame):
            self._feed(name, chunk)

    def push_all(self, segments: list[int], first_frame: int = 300) -> None:
        for frames in segments:
            for name in self._readers:
                self.push(name, [frames], first_frame)
            first_frame += frames


def _uris(layout: RoomLayout, rendition: str) -> list[str]:
    return [line for line in layout.playlist(rendition).read_text().splitlines() if not line.startswith("#")]


def test_first_segment_makes_the_room_playable_when_every_rendition_has_it(layout: RoomLayout) -> None:
    run = Run(layout, 1)

    run.push("720p", [30, 60])

    assert run.room.published == 0
    assert not layout.multivariant.exists()
    assert not layout.playlist("720p").exists()

    run.push("480p", [30])

    assert run.room.published == 1
    assert layout.multivariant.exists()
    assert _uris(layout, "720p") == _uris(layout, "480p") == ["seg-0.m4s"]


def test_segment_closes_with_its_last_frame_not_with_the_next_keyframe(layout: RoomLayout) -> None:
    run = Run(layout, 1)

    run.push_all([30, 60, 54])

    assert run.room.published == 2
    assert [line.duration for line in journal.read(layout.journal).segments] == [1.0, 2.0]


def test_window_slides_and_files_stay(layout: RoomLayout) -> None:
    run = Run(layout, 1, window=6)

    run.push_all([30, *[60] * 6])

    assert _uris(layout, "720p") == ["seg-4.m4s", "seg-5.m4s", "seg-6.m4s"]
    assert "#EXT-X-MEDIA-SEQUENCE:4" in layout.playlist("720p").read_text()
    assert all(layout.segment("720p", msn).exists() for msn in range(7))


def test_end_of_a_run_publishes_the_rest(layout: RoomLayout) -> None:
    run = Run(layout, 1)
    run.push_all([30, 60])
    run.push("720p", [12], first_frame=390)
    run.push("480p", [18], first_frame=390)

    run.room.close()

    assert [line.duration for line in journal.read(layout.journal).segments] == [1.0, 2.0, 0.6]
    assert not list(layout.folder.rglob("*.tmp"))


def test_rest_that_only_one_rendition_has_is_dropped(layout: RoomLayout) -> None:
    run = Run(layout, 1)
    run.push_all([30])
    run.push("720p", [60], first_frame=330)

    run.room.close()

    assert journal.read(layout.journal).next_msn == 1
    assert not list(layout.folder.rglob("*.tmp"))


def test_successor_continues_behind_a_discontinuity(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30, 60])

    Run(layout, 5).push_all([30])

    lines = layout.playlist("480p").read_text().splitlines()
    assert _uris(layout, "480p") == ["seg-0.m4s", "seg-1.m4s", "seg-2.m4s"]
    assert lines.count("#EXT-X-DISCONTINUITY") == 1
    assert '#EXT-X-MAP:URI="init-5.mp4"' in lines


def test_successor_of_a_crash_reuses_only_what_nobody_saw(layout: RoomLayout) -> None:
    crashed = Run(layout, 1)
    crashed.push_all([30, 60])
    crashed.push("720p", [60], first_frame=390)  # the other rendition never got so far

    Run(layout, 2).push_all([30])

    assert _uris(layout, "720p") == _uris(layout, "480p") == ["seg-0.m4s", "seg-1.m4s", "seg-2.m4s"]
    assert [line.run for line in journal.read(layout.journal).segments] == [1, 1, 2]
    assert not list(layout.folder.rglob(".1-*.tmp"))


def test_run_without_a_segment_leaves_no_trace_in_the_playlist(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30])
    Run(layout, 2).push_all([24])
    Run(layout, 3).push_all([30])

    assert [line.disc for line in journal.read(layout.journal).segments] == [0, 1]


def test_players_of_a_lost_rendition_go_on_with_the_smaller_one(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30])

    Run(layout, 2, SD).push_all([30])

    assert _uris(layout, "720p") == ["seg-0.m4s", "../480p/seg-1.m4s"]
    assert _uris(layout, "480p") == ["seg-0.m4s", "seg-1.m4s"]
    assert "720p" not in layout.multivariant.read_text()


def test_players_of_a_new_rendition_start_in_the_same_sequence(layout: RoomLayout) -> None:
    Run(layout, 1, SD).push_all([30, 60])

    Run(layout, 2).push_all([30])

    assert _uris(layout, "720p") == ["../480p/seg-0.m4s", "../480p/seg-1.m4s", "seg-2.m4s"]


def test_dates_follow_the_wall_clock_and_never_run_backwards(layout: RoomLayout) -> None:
    before = datetime.now(UTC)
    Run(layout, 1).push_all([30, 60, 60, 60])
    Run(layout, 2).push_all([30])  # at once, although seven seconds of media were just announced

    times = [(line.at, line.duration) for line in journal.read(layout.journal).segments]

    assert abs(times[0][0] - before) < timedelta(seconds=2)
    assert all(at + timedelta(seconds=duration) <= later for (at, duration), (later, _) in itertools.pairwise(times))


def test_rendition_that_stays_behind_ends_the_run(layout: RoomLayout) -> None:
    run = Run(layout, 1)

    with pytest.raises(PackagerError):
        run.push("720p", [30, *[60] * 4])


def test_ended_class_closes_its_playlists(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30, 60])
    end = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)

    for _ in range(2):  # repeatable
        assert ended_rooms.finalize(layout, at=end, window=600)

    assert layout.playlist("720p").read_text().endswith("seg-1.m4s\n#EXT-X-ENDLIST\n")
    assert datetime.fromisoformat(layout.ended.read_text()) == end


def test_class_without_a_picture_has_nothing_to_close(layout: RoomLayout) -> None:
    assert not ended_rooms.finalize(layout, at=datetime.now(UTC), window=600)
    assert not layout.folder.exists()


def _cut(tmp_path: Path, chunks: list[bytes], plan: CutPlan) -> list[Segment]:
    writer = SegmentWriter(tmp_path, plan, label="1")
    found = [
        piece for item in mp4.read(*chunks, audio=True) for piece in writer.add(item) if isinstance(piece, Segment)
    ]
    last = writer.close()
    return [*found, *([last] if last else [])]


def test_what_comes_before_the_first_keyframe_is_dropped(tmp_path: Path) -> None:
    chunks = [mp4.sound(), mp4.fragment(0, 6, key=False), mp4.fragment(6, 6, key=True)]

    (only,) = _cut(tmp_path, chunks, CutPlan(30, 60))

    assert (only.start, only.duration) == (mp4.seconds(6), mp4.seconds(6))


def test_sound_between_two_segments_goes_into_the_next(tmp_path: Path) -> None:
    chunks = [mp4.fragment(0, 6, key=True), mp4.sound(b"between"), mp4.fragment(6, 6, key=True)]

    first, second = _cut(tmp_path, chunks, CutPlan(6, 6))

    assert b"between" not in first.path.read_bytes()
    assert second.path.read_bytes().startswith(mp4.sound(b"between"))
    assert second.start == mp4.seconds(6)


def test_early_keyframe_begins_a_segment(tmp_path: Path) -> None:
    chunks = list(mp4.stream([30, 30, 30]))

    assert [segment.duration for segment in _cut(tmp_path, chunks, CutPlan(30, 60))] == [1, 1, 1]


def test_segment_without_a_keyframe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CutError):
        _cut(tmp_path, [mp4.fragment(0, 6, key=True), mp4.fragment(6, 6, key=False)], CutPlan(6, 6))


def test_sound_that_goes_on_for_ever_without_a_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CutError):
        _cut(tmp_path, [mp4.fragment(0, 6, key=True), *[mp4.sound()] * 200], CutPlan(6, 6))

"""Parts: announced when every rendition has them, kept for some seconds, and never forgotten in a crash."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from media_worker.layout import RoomLayout
from media_worker.packager import ended_rooms, journal, playlist_sink
from media_worker.packager.fragments import FragmentReader
from media_worker.packager.room import RoomWriter
from media_worker.packager.segments import CutPlan, Part, Segment, SegmentWriter
from media_worker.packager.window import RenderedPlaylist
from tests.media_worker import mp4
from tests.media_worker.packager.test_room import HD, SD, Run


class Heard:
    """Stands in the web server's place: what was pushed, in order."""

    def __init__(self, *, delivered: bool = False) -> None:
        self.delivered = delivered
        self.versions: list[tuple[str, int]] = []
        self.pages: dict[str, RenderedPlaylist] = {}

    def push(self, rendition: str, version: int, page: RenderedPlaylist, /) -> None:
        self.versions.append((rendition, version))
        self.pages[rendition] = page


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[RoomLayout]:
    yield RoomLayout(tmp_path / "disk", "room-abcdefgh", tmp_path / "memory")
    while Run.opened:
        Run.opened.pop().abandon()


def _lines(layout: RoomLayout, rendition: str = "720p") -> list[str]:
    return layout.playlist(rendition).read_text().splitlines()


def _undated(layout: RoomLayout, rendition: str = "720p") -> list[str]:
    return [line.split(":2")[0] if "DATE-TIME" in line else line for line in _lines(layout, rendition)]


def test_playlist_with_parts(layout: RoomLayout) -> None:
    run = Run(layout, 7)
    run.push_all([30])
    run.push_all([12], first_frame=330)

    assert _undated(layout) == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,PART-HOLD-BACK=0.603,HOLD-BACK=6.0",
        "#EXT-X-PART-INF:PART-TARGET=0.201",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init-7.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME",
        '#EXT-X-PART:DURATION=0.20000,URI="part-0.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.20000,URI="part-0.1.m4s"',
        '#EXT-X-PART:DURATION=0.20000,URI="part-0.2.m4s"',
        '#EXT-X-PART:DURATION=0.20000,URI="part-0.3.m4s"',
        '#EXT-X-PART:DURATION=0.20000,URI="part-0.4.m4s"',
        "#EXTINF:1.00000,",
        "seg-0.m4s",
        "#EXT-X-PROGRAM-DATE-TIME",
        '#EXT-X-PART:DURATION=0.20000,URI="part-1.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PART:DURATION=0.20000,URI="part-1.1.m4s"',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-1.2.m4s"',
        '#EXT-X-RENDITION-REPORT:URI="../480p/playlist.m3u8",LAST-MSN=1,LAST-PART=1',
    ]


def test_part_waits_for_every_rendition(layout: RoomLayout) -> None:
    run = Run(layout, 1)
    run.push_all([30])

    run.push("720p", [18], first_frame=330)
    assert not [line for line in _lines(layout) if "part-1" in line and "HINT" not in line]

    run.push("480p", [6], first_frame=330)
    assert [line for line in _lines(layout) if "part-1" in line] == [
        '#EXT-X-PART:DURATION=0.20000,URI="part-1.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-1.1.m4s"',
    ]


def test_whole_segment_hints_at_the_next(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30, 60])

    assert _lines(layout)[-2:] == [
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-2.0.m4s"',
        '#EXT-X-RENDITION-REPORT:URI="../480p/playlist.m3u8",LAST-MSN=1,LAST-PART=9',
    ]


def test_parts_make_up_their_segment(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30, 60])

    parts = [layout.part("720p", 1, number).read_bytes() for number in range(10)]
    assert b"".join(parts) == layout.segment("720p", 1).read_bytes()


def test_old_parts_leave_the_playlist_and_then_the_disk(layout: RoomLayout) -> None:
    run = Run(layout, 1)
    run.push_all([30, *[60] * 6])

    listed = {line.split('"')[1] for line in _lines(layout) if line.startswith("#EXT-X-PART:")}
    on_disk = {path.name for _, path in layout.parts("720p")}
    assert {name.split(".")[0] for name in listed} == {"part-4", "part-5", "part-6"}
    assert {name.split(".")[0] for name in on_disk} == {"part-3", "part-4", "part-5", "part-6"}
    assert not list(layout.folder.rglob("part-*")), "parts have a folder of their own"


def test_versions_only_grow_and_pages_are_those_on_disk(layout: RoomLayout) -> None:
    delivered = Heard()
    room = RoomWriter(layout, run=1, ladder=SD, window=6, sink=delivered)
    reader = FragmentReader()
    for chunk in (mp4.init(), *mp4.stream([30, 60, 6])):
        for item in reader.feed(chunk):
            room.accept("480p", item)

    pushed = [number for _, number in delivered.versions]
    assert pushed == sorted(pushed)
    assert pushed[0] == playlist_sink.version(1, 0)
    assert pushed[-1] == playlist_sink.version(2, 1)
    assert delivered.pages["480p"].full == layout.playlist("480p").read_bytes()
    room.close()
    assert b"PRELOAD-HINT" not in delivered.pages["480p"].full
    assert b"seg-2.m4s" in delivered.pages["480p"].full


def test_announced_parts_of_a_crash_become_a_segment(layout: RoomLayout) -> None:
    crashed = Run(layout, 1)
    crashed.push_all([30])
    crashed.push_all([18], first_frame=330)
    crashed.push("720p", [30], first_frame=348)  # told to nobody
    announced = b"".join(layout.part("480p", 1, number).read_bytes() for number in range(3))

    Run(layout, 2).push_all([30])

    past = journal.read(layout.journal)
    assert [(line.msn, line.run, line.disc, round(line.duration, 2)) for line in past.segments] == [
        (0, 1, 0, 1.0),
        (1, 1, 0, 0.6),
        (2, 2, 1, 1.0),
    ]
    assert layout.segment("480p", 1).read_bytes() == announced
    assert past.segments[1].at == past.segments[0].at.fromtimestamp(past.segments[0].at.timestamp() + 1, tz=UTC)
    assert _lines(layout).count("#EXT-X-DISCONTINUITY") == 1


def test_parts_lost_with_the_memory_are_not_adopted(layout: RoomLayout) -> None:
    crashed = Run(layout, 1)
    crashed.push_all([30])
    crashed.push_all([18], first_frame=330)
    layout.part("480p", 1, 1).unlink()

    Run(layout, 2).push_all([30])

    assert [line.run for line in journal.read(layout.journal).segments] == [1, 2]
    assert {msn for msn, _ in layout.parts("720p")} == {0, 1}


def test_class_that_ended_in_a_crash_keeps_what_was_announced(layout: RoomLayout) -> None:
    crashed = Run(layout, 1)
    crashed.push_all([30])
    crashed.push_all([18], first_frame=330)

    for _ in range(2):
        ended_rooms.finalize(layout, at=datetime.now(UTC), window=600)

    assert _lines(layout)[-4:] == [_lines(layout)[-4], "#EXTINF:0.60000,", "seg-1.m4s", "#EXT-X-ENDLIST"]
    assert "EXT-X-PART" not in layout.playlist("720p").read_text()
    assert not layout.parts_folder.exists()


def test_forgotten_room_leaves_no_parts(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30])

    ended_rooms.remove(layout)

    assert not layout.folder.exists()
    assert not layout.parts_folder.exists()


def test_players_of_a_lost_rendition_get_parts_of_the_smaller_one(layout: RoomLayout) -> None:
    Run(layout, 1).push_all([30])
    run = Run(layout, 2, SD)
    run.push_all([30])
    run.push_all([6], first_frame=330)

    assert _lines(layout)[-3:] == [
        '#EXT-X-PART:DURATION=0.20000,URI="../480p/part-2.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="../480p/part-2.1.m4s"',
        '#EXT-X-RENDITION-REPORT:URI="../480p/playlist.m3u8",LAST-MSN=2,LAST-PART=0',
    ]


def test_sound_alone_goes_with_the_part_behind_it(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path, CutPlan(12, 12), label="1")
    chunks = [mp4.fragment(0, 6, key=True), mp4.sound(b"alone"), mp4.fragment(6, 6, key=False)]
    files = [piece for item in mp4.read(*chunks, audio=True) for piece in writer.add(item)]

    first, second, whole = files
    assert isinstance(first, Part)
    assert isinstance(second, Part)
    assert isinstance(whole, Segment)
    assert second.data.startswith(mp4.sound(b"alone"))
    assert whole.path.read_bytes() == first.data + second.data


def test_part_target_covers_the_longest_part(layout: RoomLayout) -> None:
    run = Run(layout, 1)
    for name in ("720p", "480p"):
        for chunk in mp4.stream([30], first_frame=300, part=10):
            run._feed(name, chunk)

    assert "#EXT-X-PART-INF:PART-TARGET=0.335" in _lines(layout)
    assert HD.fragment_frames == 6
    assert Fraction(6, 30) < Fraction(201, 1000)

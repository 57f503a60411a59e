"""The window that can be rewound: its full text, its delta updates, and that a player gets the same from both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media_worker.layout import RoomLayout
from media_worker.packager import ended_rooms
from media_worker.packager.window import RenderedPlaylist
from tests.media_worker.packager.test_parts import Heard
from tests.media_worker.packager.test_room import SD, Run

HEAD = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-TARGETDURATION:2",
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,PART-HOLD-BACK=0.603,HOLD-BACK=6.0",
    "#EXT-X-PART-INF:PART-TARGET=0.201",
]


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[RoomLayout]:
    yield RoomLayout(tmp_path, "room-abcdefgh")
    while Run.opened:
        Run.opened.pop().abandon()


class History(Heard):
    """Remembers every page of one rendition."""

    def __init__(self, rendition: str = "480p") -> None:
        super().__init__()
        self.past: list[RenderedPlaylist] = []
        self._rendition = rendition

    def push(self, rendition: str, version: int, page: RenderedPlaylist, /) -> None:
        super().push(rendition, version, page)
        if rendition == self._rendition:
            self.past.append(page)


@dataclass(frozen=True)
class Seen:
    """A segment as a player knows it."""

    msn: int
    disc: int
    init: str
    at: str
    duration: float
    uri: str
    parts: tuple[str, ...]


@dataclass
class Player:
    """Understands playlists and delta updates by RFC 8216bis alone, and knows nothing of the packager."""

    segments: dict[int, Seen] = field(default_factory=dict)
    edge: list[str] = field(default_factory=list)

    def take(self, text: str) -> "Player":
        msn = int(re.findall(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text)[0])
        disc = int(re.findall(r"#EXT-X-DISCONTINUITY-SEQUENCE:(\d+)", text)[0])
        found: dict[int, Seen] = {}
        if skip := re.search(r"#EXT-X-SKIP:SKIPPED-SEGMENTS=(\d+)\n", text):
            found = {number: self.segments[number] for number in range(msn, msn + int(skip[1]))}
            msn += int(skip[1])
            disc = found[msn - 1].disc
        last = found[msn - 1] if found else Seen(0, 0, "", "", 0, "", ())
        now = replace(last, msn=msn, disc=disc, parts=())
        edge: list[str] = []
        for line in text.splitlines():
            name, _, value = line.partition(":")
            if name == "#EXT-X-DISCONTINUITY":
                now = replace(now, disc=now.disc + 1)
            elif name == "#EXT-X-MAP":
                now = replace(now, init=value)
            elif name == "#EXT-X-PROGRAM-DATE-TIME":
                now = replace(now, at=value)
            elif name == "#EXT-X-PART":
                now = replace(now, parts=(*now.parts, value))
            elif name == "#EXTINF":
                now = replace(now, duration=float(value.rstrip(",")))
            elif name in {"#EXT-X-PRELOAD-HINT", "#EXT-X-RENDITION-REPORT"}:
                edge.append(line)
            elif not line.startswith("#"):
                found[now.msn] = replace(now, uri=line)
                now = replace(now, msn=now.msn + 1, parts=())
        return Player(found, [*now.parts, *edge])


def test_nothing_is_skipped_before_the_boundary(layout: RoomLayout) -> None:
    delivered = Heard()
    Run(layout, 1, SD, push=delivered).push_all([30, *[60] * 5])

    page = delivered.pages["480p"]
    assert (page.past, page.past_id, page.skip) == (b"", "", b"")
    assert page.delta == page.full == layout.playlist("480p").read_bytes()


def test_delta_update_line_by_line(layout: RoomLayout) -> None:
    delivered = Heard()
    run = Run(layout, 7, push=delivered)
    run.push_all([30, *[60] * 8])
    run.push_all([6], first_frame=810)

    page = delivered.pages["720p"]
    delta = [line.split(":2")[0] if "DATE-TIME" in line else line for line in page.delta.decode().splitlines()]
    version_nine = [line.replace("VERSION:7", "VERSION:9") for line in HEAD]
    assert delta[:16] == [
        *version_nine,
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        "#EXT-X-SKIP:SKIPPED-SEGMENTS=3",
        "#EXT-X-PROGRAM-DATE-TIME",
        "#EXTINF:2.00000,",
        "seg-3.m4s",
        "#EXT-X-PROGRAM-DATE-TIME",
        "#EXTINF:2.00000,",
        "seg-4.m4s",
        "#EXT-X-PROGRAM-DATE-TIME",
    ]
    assert delta[-4:] == [
        "#EXT-X-PROGRAM-DATE-TIME",
        '#EXT-X-PART:DURATION=0.20000,URI="part-9.0.m4s",INDEPENDENT=YES',
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-9.1.m4s"',
        '#EXT-X-RENDITION-REPORT:URI="../480p/playlist.m3u8",LAST-MSN=9,LAST-PART=0',
    ]
    full = page.full.decode().splitlines()
    assert full[:9] == [
        *HEAD,
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init-7.mp4"',
    ]
    assert "seg-0.m4s" in full
    assert "EXT-X-SKIP" not in page.full.decode()


def test_window_is_counted_in_seconds(layout: RoomLayout) -> None:
    delivered = Heard()
    Run(layout, 1, SD, window=20, push=delivered).push_all([30, *[60] * 30])

    player = Player().take(delivered.pages["480p"].full.decode())

    assert sum(item.duration for item in player.segments.values()) == 20
    assert min(player.segments) == 21
    assert all(layout.segment("480p", msn).exists() for msn in range(31)), "the rest stays for the recording"


def test_deltas_add_up_to_full_playlists_over_runs(layout: RoomLayout) -> None:
    pushed = []
    for number, rungs in ((1, {}), (2, {"rungs": SD}), (3, {})):
        delivered = History("720p")
        run = Run(layout, number, **rungs, window=40, push=delivered)
        run.push_all([30, *[60] * (14, 2, 24)[number - 1], 12])
        run.room.close()
        pushed += delivered.past
    fulls = [Player().take(page.full.decode()) for page in pushed]

    compared = skips = 0
    for index, page in enumerate(pushed):
        delta = page.delta.decode()
        skips += "EXT-X-SKIP" in delta
        # Half of CAN-SKIP-UNTIL: what a player's last playlist may be old.
        for older in fulls[max(0, index - 30) : index]:
            assert older.take(delta) == fulls[index]
            compared += 1
        assert page.delta.endswith(page.recent)
        assert page.full.endswith(page.recent)
    assert skips > 100
    assert compared > 3000
    last = fulls[-1]
    assert {item.disc for item in fulls[-60].segments.values()} != {last.segments[max(last.segments)].disc}
    assert re.findall(r"DISCONTINUITY-SEQUENCE:(\d)", pushed[-1].full.decode()) == ["2"]
    assert {item.init for item in last.segments.values()} == {'URI="init-3.mp4"'}


def test_delta_never_skips_what_is_inside_the_boundary(layout: RoomLayout) -> None:
    delivered = History()
    # The source's own keyframes may come early: shorter segments, more of them.
    Run(layout, 1, SD, push=delivered).push_all([30, *[60, 12, 30, 18] * 9])

    for page in delivered.past:
        full = Player().take(page.full.decode())
        skipped = re.search(r"SKIPPED-SEGMENTS=(\d+)", page.delta.decode())
        kept = list(full.segments.values())[int(skipped[1]) if skipped else 0 :]
        assert not skipped or sum(item.duration for item in kept) >= 12
        assert all(not item.parts for item in list(full.segments.values())[: -len(kept)])


def test_past_is_named_by_what_it_says(layout: RoomLayout) -> None:
    delivered = History()
    Run(layout, 1, SD, push=delivered).push_all([30, *[60] * 12])

    named = {page.past_id: page.past for page in delivered.past if page.skip}
    assert len(named) == len(set(named.values())) == 7
    assert all(re.fullmatch(r"[0-9a-f]{8}", name) for name in named)


def test_files_follow_segments_while_the_web_server_hears_of_parts(layout: RoomLayout) -> None:
    delivered = Heard(delivered=True)
    run = Run(layout, 1, SD, push=delivered)
    run.push_all([30, 60])
    run.push_all([12], first_frame=390)
    assert b"part-2.1.m4s" in delivered.pages["480p"].full
    assert b'part-2.0.m4s",IND' not in layout.playlist("480p").read_bytes()

    delivered.delivered = False
    run.push_all([6], first_frame=402)
    assert layout.playlist("480p").read_bytes() == delivered.pages["480p"].full

    delivered.delivered = True
    run.room.close()
    assert layout.playlist("480p").read_bytes() == delivered.pages["480p"].full
    assert b"PRELOAD-HINT" not in layout.playlist("480p").read_bytes()


def test_ended_class_keeps_its_window(layout: RoomLayout) -> None:
    Run(layout, 1, SD, window=20).push_all([30, *[60] * 30])

    ended_rooms.finalize(layout, at=datetime.now(UTC), window=20)

    text = layout.playlist("480p").read_text()
    assert (text.count("#EXTINF"), text.endswith("#EXT-X-ENDLIST\n")) == (10, True)
    assert "SERVER-CONTROL" not in text

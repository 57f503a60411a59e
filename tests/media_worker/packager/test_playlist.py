"""Playlists, line by line."""

from datetime import timedelta

from media_worker.packager import playlist
from media_worker.packager.journal import SegmentFile, SegmentLine, Variant
from tests.media_worker.packager.test_journal import AT, segment


def _media(lines: list[SegmentLine], *, rendition: str = "720p", ended: bool = False) -> list[str]:
    return playlist.media([playlist.entry(line, rendition) for line in lines], ended=ended).splitlines()


def test_live_window() -> None:
    assert _media([segment(4), segment(5)]) == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-MEDIA-SEQUENCE:4",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="init-7.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T18:00:08.000Z",
        "#EXTINF:2.00000,",
        "seg-4.m4s",
        "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T18:00:10.000Z",
        "#EXTINF:2.00000,",
        "seg-5.m4s",
    ]


def test_new_run_is_a_discontinuity_with_its_own_init() -> None:
    lines = _media([segment(4), segment(5, run=9, disc=1)])

    at = lines.index("#EXT-X-DISCONTINUITY")
    assert lines[at + 1] == '#EXT-X-MAP:URI="init-9.mp4"'
    assert lines[at + 4] == "seg-5.m4s"


def test_discontinuity_that_left_the_window_is_counted() -> None:
    lines = _media([segment(5, run=9, disc=1), segment(6, run=9, disc=1)])

    assert "#EXT-X-DISCONTINUITY" not in lines
    assert "#EXT-X-DISCONTINUITY-SEQUENCE:1" in lines
    assert "#EXT-X-MEDIA-SEQUENCE:5" in lines


def test_ended_class_says_so_once_at_the_end() -> None:
    assert _media([segment(0)], ended=True)[-1] == "#EXT-X-ENDLIST"
    assert "#EXT-X-ENDLIST" not in _media([segment(0)])


def test_rendition_that_a_run_lacks_goes_on_with_another() -> None:
    lines = _media([segment(0, names=("720p", "480p")), segment(1, run=9, disc=1, names=("480p",))])

    assert lines[-1] == "../480p/seg-1.m4s"
    assert '#EXT-X-MAP:URI="../480p/init-9.mp4"' in lines


def test_target_duration_covers_the_longest_segment() -> None:
    long = SegmentLine(0, 1, 0, AT, {"720p": SegmentFile(3.6, 1)})

    assert "#EXT-X-TARGETDURATION:4" in _media([long])


def test_dates_are_utc() -> None:
    local = SegmentLine(0, 1, 0, (AT + timedelta(seconds=0.25)).astimezone(), {"720p": SegmentFile(2, 1)})

    assert "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T18:00:00.250Z" in _media([local])


def test_multivariant_names_what_players_choose_by_and_what_they_begin_with() -> None:
    variants = [
        Variant("720p", 1280, 720, 30.0, 3_700_000, 3_160_000, "avc1.64001f,mp4a.40.2"),
        Variant("480p", 854, 480, 29.97, 1_700_000, 1_460_000, "avc1.64001f"),
    ]

    assert playlist.multivariant(variants).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        (
            '#EXT-X-STREAM-INF:BANDWIDTH=1700000,AVERAGE-BANDWIDTH=1460000,CODECS="avc1.64001f",'
            "RESOLUTION=854x480,FRAME-RATE=29.970"
        ),
        "__TOKEN__/480p/playlist.m3u8",
        (
            '#EXT-X-STREAM-INF:BANDWIDTH=3700000,AVERAGE-BANDWIDTH=3160000,CODECS="avc1.64001f,mp4a.40.2",'
            "RESOLUTION=1280x720,FRAME-RATE=30.000"
        ),
        "__TOKEN__/720p/playlist.m3u8",
    ]

"""The ladder names the product's rungs, never enlarges, and takes whatever size comes."""

from fractions import Fraction

import pytest

from media_worker import ladder
from media_worker.enums import Quality


def _sizes(quality: Quality, width: int, height: int) -> list[tuple[str, int, int]]:
    built = ladder.build(quality, width=width, height=height, fps=Fraction(30))
    return [(item.name, item.width, item.height) for item in built.renditions]


@pytest.mark.parametrize(
    ("quality", "source", "expected"),
    [
        (Quality.HD, (1280, 720), [("720p", 1280, 720), ("480p", 854, 480)]),
        (Quality.SD, (1280, 720), [("480p", 854, 480)]),
        (Quality.AUTO, (1280, 720), [("720p", 1280, 720), ("480p", 854, 480)]),
        (Quality.HD, (1920, 1080), [("720p", 1280, 720), ("480p", 854, 480)]),
        (Quality.HD, (854, 480), [("480p", 854, 480)]),
        (Quality.HD, (640, 360), [("480p", 640, 360)]),
        (Quality.AUTO, (1024, 576), [("720p", 1024, 576), ("480p", 854, 480)]),
        (Quality.HD, (1366, 768), [("720p", 1280, 720), ("480p", 854, 480)]),
        (Quality.HD, (720, 1280), [("720p", 720, 1280), ("480p", 480, 854)]),
        (Quality.HD, (960, 720), [("720p", 960, 720), ("480p", 640, 480)]),
        (Quality.HD, (853, 479), [("480p", 852, 478)]),
    ],
)
def test_renditions_of_a_source(
    quality: Quality, source: tuple[int, int], expected: list[tuple[str, int, int]]
) -> None:
    assert _sizes(quality, *source) == expected


@pytest.mark.parametrize("quality", [Quality.UHD, Quality.AUTO])
def test_more_than_fits_is_shown_smaller_and_says_so(quality: Quality) -> None:
    built = ladder.build(quality, width=3840, height=2160, fps=Fraction(30))

    assert [item.name for item in built.renditions] == ["720p", "480p"]
    assert "3840x2160" in built.note
    assert "1280x720" in built.note


def test_what_was_asked_for_needs_no_note() -> None:
    assert not ladder.build(Quality.HD, width=3840, height=2160, fps=Fraction(30)).note
    assert not ladder.build(Quality.UHD, width=1280, height=720, fps=Fraction(30)).note


@pytest.mark.parametrize("quality", list(Quality))
@pytest.mark.parametrize("width", [1, 2, 15, 17, 333, 641, 1281, 4097, 16384])
@pytest.mark.parametrize("height", [1, 17, 479, 721, 2161, 16384])
def test_any_size_gives_even_pictures_not_larger_than_the_source(quality: Quality, width: int, height: int) -> None:
    built = ladder.build(quality, width=width, height=height, fps=None)

    assert built.renditions
    for item in built.renditions:
        assert item.width % 2 == item.height % 2 == 0
        # 16 is the least that an encoder takes.
        assert item.width <= max(width, 16)
        assert item.height <= max(height, 16)
        assert 300_000 <= item.bitrate <= 3_000_000


def test_no_picture_has_no_ladder() -> None:
    with pytest.raises(ValueError, match="0x720"):
        ladder.build(Quality.HD, width=0, height=720, fps=None)


@pytest.mark.parametrize(
    ("source", "output"),
    [
        (None, Fraction(30)),
        (Fraction(30), Fraction(30)),
        (Fraction(25), Fraction(25)),
        (Fraction(24000, 1001), Fraction(24000, 1001)),
        (Fraction(30000, 1001), Fraction(30000, 1001)),
        (Fraction(60), Fraction(30)),
        (Fraction(60000, 1001), Fraction(30000, 1001)),
        (Fraction(50), Fraction(25)),
        (Fraction(120), Fraction(30)),
        (Fraction(5), Fraction(10)),
        (Fraction(1000), Fraction(30)),
        (Fraction(0), Fraction(30)),
    ],
)
def test_frame_rate_is_thirty_at_most_and_evenly_divided(source: Fraction | None, output: Fraction) -> None:
    assert ladder.output_rate(source) == output


def test_segments_are_whole_frames_at_ntsc_rates() -> None:
    built = ladder.build(Quality.HD, width=1280, height=720, fps=Fraction(30000, 1001))

    assert (built.first_frames, built.gop_frames, built.fragment_frames) == (30, 60, 6)

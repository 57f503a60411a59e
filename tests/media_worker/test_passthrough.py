"""The verdict on a source: safe only when its first groups of pictures have shown it, otherwise in words."""

from dataclasses import replace
from fractions import Fraction

import pytest

from media_worker import cost, ladder, passthrough, plan
from media_worker.enums import Quality
from media_worker.passthrough import Gop, PassthroughCheck, Signal
from media_worker.source import Source

GOOD = Signal("avc1.64001f", (Gop(60, 2.0), Gop(60, 2.001), Gop(60, 1.999)), 2_500_000, 4.0, 1.0)
HD = Source("H264", 1280, 720, Fraction(30), "AAC", "LC")
UHD = Source("H264", 3840, 2160, Fraction(30), "AAC", "LC")


def _judge(signal: Signal, quality: Quality = Quality.AUTO, fps: int = 30, width: int = 1280) -> PassthroughCheck:
    return passthrough.check(quality, width=width, height=720, fps=Fraction(fps), signal=signal)


def test_even_short_gops_within_the_rung_are_safe() -> None:
    assert _judge(GOOD) == PassthroughCheck(safe=True)
    assert _judge(replace(GOOD, gops=(Gop(30, 1.0),) * 3)).safe is True


def test_too_little_is_no_verdict() -> None:
    assert _judge(replace(GOOD, gops=GOOD.gops[:2])) == PassthroughCheck()
    assert _judge(Signal("", (), 0, 0, 0)) == PassthroughCheck()


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        (replace(GOOD, codec="avc1.7a0028"), "profile to High"),
        (replace(GOOD, gops=(Gop(120, 4.0),) * 3), "4.0 seconds apart"),
        (replace(GOOD, since_keyframe=2.2), "more than 2 seconds apart"),
        (replace(GOOD, gops=(Gop(60, 2.0), Gop(37, 1.233), Gop(60, 2.0))), "unevenly"),
        (replace(GOOD, gops=(Gop(50, 2.0),) * 3), "constant frame rate"),
        (replace(GOOD, bitrate=5_200_000), "5.2 Mbit/s"),
    ],
)
def test_unsafe_signals_are_named(signal: Signal, reason: str) -> None:
    found = _judge(signal)

    assert found.safe is False
    assert reason in found.reason


def test_size_and_rate_that_have_to_be_changed_are_named() -> None:
    assert "60 frames a second" in _judge(GOOD, fps=60).reason
    assert "1281x720" in _judge(GOOD, width=1281).reason


def test_smaller_picture_than_sent_was_asked_for_and_needs_no_words() -> None:
    assert _judge(GOOD, Quality.SD) == PassthroughCheck(safe=False)


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        (GOOD, ""),
        (replace(GOOD, bitrate=5_500_000), ""),  # a peak
        (replace(GOOD, bitrate=6_500_000), "6.5 Mbit/s"),
        (replace(GOOD, bitrate=6_500_000, span=1.0), ""),  # too early to say
        (replace(GOOD, gops=(Gop(60, 2.0), Gop(20, 0.7))), ""),  # a scene cut: short is fine
        (replace(GOOD, gops=(Gop(60, 3.0),)), "keyframe interval"),
        (replace(GOOD, since_keyframe=2.3), "keyframe interval"),
        (replace(GOOD, gops=(Gop(60, 0.004),)), "jumped back"),
        (replace(GOOD, codec="avc1.6e0028"), "profile"),
    ],
)
def test_what_is_passed_through_is_watched(signal: Signal, reason: str) -> None:
    passing = ladder.passing(Quality.AUTO, width=1280, height=720, fps=Fraction(30))
    assert passing is not None

    found = passthrough.trouble(passing, signal)

    assert reason in found
    assert bool(found) == bool(reason)


def _choose(source: Source, *, safe: bool | None, budget: float = 2.0, quality: Quality = Quality.AUTO) -> list[str]:
    history = plan.EncoderHistory(source.width, source.height, source.fps, copy_audio=True, safe=safe)
    found = plan.choose(source, quality, history=history, budget=budget)
    if isinstance(found, plan.Declined):
        return [found.reason]
    return [("copied " if item.copied else "") + item.name for item in found.renditions]


def test_known_good_source_passes_through() -> None:
    assert _choose(HD, safe=True) == ["copied 720p", "480p"]
    assert _choose(HD, safe=None) == ["720p", "480p"]
    assert _choose(HD, safe=False) == ["720p", "480p"]
    assert plan.choose(HD, Quality.AUTO, history=None, budget=2.0) == ladder.build(
        Quality.AUTO, width=1280, height=720, fps=Fraction(30)
    )


def test_what_is_known_counts_only_for_the_same_picture() -> None:
    history = plan.EncoderHistory(1280, 720, Fraction(25), copy_audio=True, safe=True)
    found = plan.choose(HD, Quality.AUTO, history=history, budget=2.0)
    assert isinstance(found, ladder.Ladder)
    assert not found.copied


def test_4k_passes_alone_on_a_small_host_and_with_the_lower_rungs_on_a_large_one() -> None:
    assert _choose(UHD, safe=None) == ["copied 2160p"]
    assert _choose(UHD, safe=True) == ["copied 2160p"]
    assert _choose(UHD, safe=True, budget=8) == ["copied 2160p", "720p", "480p"]
    found = plan.choose(UHD, Quality.UHD, history=None, budget=2.0)
    assert isinstance(found, ladder.Ladder)
    assert "Smaller qualities are left out" in found.note


def test_4k_that_cannot_pass_is_declined_where_it_does_not_fit() -> None:
    assert "Set your encoder to 1280x720" in _choose(UHD, safe=False)[0]
    assert "Set your encoder to 1280x720" in _choose(UHD, safe=None, quality=Quality.HD)[0]
    assert _choose(UHD, safe=False, budget=8) == ["720p", "480p"]


def test_hd_is_converted_however_small_the_host() -> None:
    assert _choose(HD, safe=False, budget=0.5) == ["720p", "480p"]


def test_cost_is_near_what_was_measured() -> None:
    """0.56 to 0.64 cores for the ladder, 0.33 with the top passed through, and a fifth more for real sport."""
    size = {"width": 1280, "height": 720, "fps": 30}
    whole = ladder.build(Quality.HD, width=1280, height=720, fps=Fraction(30))
    passing = ladder.passing(Quality.HD, width=1280, height=720, fps=Fraction(30))
    assert passing is not None

    assert 0.6 < cost.of(whole, **size) < 0.9
    assert 0.3 < cost.of(passing, **size) < 0.5
    assert cost.decode_threads(**size) == 1
    assert cost.decode_threads(width=3840, height=2160, fps=30) > 1

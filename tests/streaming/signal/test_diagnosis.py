"""Numbers in, words out: each limit from both sides."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fitfriends.core import clock
from media_worker.models import TranscodeRun
from streaming.domain.signal import browser_advice, diagnosis
from streaming.domain.signal.diagnosis import Severity


def _run(**numbers: Any) -> TranscodeRun:
    """A good signal, but for these numbers."""
    good: dict[str, Any] = {
        "facts_at": clock.now(),
        "width": 1280,
        "height": 720,
        "fps": 30.0,
        "source_fps": "30",
        "bitrate": 2_500_000,
        "bitrate_low": 2_300_000,
        "bitrate_high": 2_700_000,
        "keyframe_gap": 2.0,
        "keyframe_longest": 2.0,
        "speed": 1.0,
        "audio_codec": "AAC",
        "level": -20.0,
        "peak": -6.0,
        "b_frames": False,
        "interlaced": False,
    }
    return TranscodeRun(**(good | numbers))


def _found(**numbers: Any) -> list[tuple[str, str]]:
    return [(item.code, item.severity.value) for item in diagnosis.findings(_run(**numbers), at=clock.now())]


def test_good_signal_is_called_well() -> None:
    assert diagnosis.findings(_run(), at=clock.now()) == [diagnosis.ALL_WELL]


@pytest.mark.parametrize(
    ("numbers", "code", "severity"),
    [
        ({"keyframe_gap": 4.5}, "keyframes:far-apart", "warn"),
        ({"keyframe_gap": 10.0}, "keyframes:far-apart", "bad"),
        ({"keyframe_longest": 3.9}, "keyframes:irregular", "warn"),
        ({"speed": 0.9}, "server:slow", "bad"),
        ({"uneven": 0.4}, "frames:uneven", "warn"),
        ({"missing": 0.02}, "frames:dropped", "warn"),
        ({"missing": 0.06}, "frames:dropped", "bad"),
        ({"fps": 24.0}, "frames:fewer", "warn"),
        ({"fps": 12.0, "source_fps": "12", "bitrate": 1_500_000}, "frames:few", "warn"),
        ({"bitrate": 500_000, "bitrate_low": 500_000, "bitrate_high": 500_000}, "bitrate:low", "warn"),
        ({"bitrate": 5_100_000, "bitrate_high": 5_200_000}, "bitrate:high", "warn"),
        ({"bitrate_low": 600_000}, "bitrate:unsteady", "warn"),
        ({"stutter": 1.2}, "line:stutters", "warn"),
        ({"stutter": 4.0}, "line:stutters", "bad"),
        ({"jumped": 1}, "signal:clock-jumped", "warn"),
        ({"audio_codec": ""}, "sound:none", "bad"),
        ({"silent": 30.0}, "sound:silent", "bad"),
        ({"clipped": 10}, "sound:clips", "warn"),
        ({"interlaced": True}, "picture:interlaced", "warn"),
    ],
)
def test_fault_has_a_code_a_severity_and_a_cure(numbers: dict[str, Any], code: str, severity: str) -> None:
    assert _found(**numbers) == [(code, severity)]

    (finding,) = diagnosis.findings(_run(**numbers), at=clock.now())
    assert finding.message.endswith(".")
    assert finding.cure


@pytest.mark.parametrize(
    "numbers",
    [
        {"keyframe_gap": 4.0, "keyframe_longest": 4.0},
        {"keyframe_gap": 0.5, "keyframe_longest": 2.0},
        {"speed": 0.96},
        {"speed": 0.0},
        {"uneven": 0.2},
        {"missing": 0.01},
        {"fps": 26.0},
        {"fps": 25.0, "source_fps": "25"},
        {"fps": 29.97, "source_fps": "30000/1001"},
        {"source_fps": ""},
        {"bitrate": 4_800_000, "bitrate_high": 5_000_000},
        {"bitrate": 900_000, "bitrate_low": 800_000, "bitrate_high": 1_000_000},
        {"bitrate": 600_000, "bitrate_low": 600_000, "bitrate_high": 600_000},
        {"bitrate": 40_000, "bitrate_low": 40_000, "bitrate_high": 50_000},
        {"width": 0, "height": 0, "fps": 0.0, "bitrate": 0, "bitrate_low": 0, "bitrate_high": 0},
        {"stutter": 0.9},
        {"silent": 29.0},
        {"clipped": 9},
        {"b_frames": None, "interlaced": None, "level": None, "peak": None},
    ],
)
def test_what_is_within_its_limit_is_well(numbers: dict[str, Any]) -> None:
    assert _found(**numbers) == [("signal:ok", "ok")]


def test_b_frames_are_a_hint_and_no_fault() -> None:
    assert _found(b_frames=True) == [("signal:ok", "ok"), ("picture:b-frames", "ok")]


def test_worst_comes_first_and_hints_last() -> None:
    found = _found(b_frames=True, clipped=20, speed=0.5, verdict="Your picture is converted: why.")

    assert found == [
        ("server:slow", "bad"),
        ("sound:clips", "warn"),
        ("picture:b-frames", "ok"),
        ("picture:converted", "ok"),
    ]


def test_old_numbers_are_not_judged() -> None:
    run = _run(speed=0.5, silent=90.0)

    (finding,) = diagnosis.findings(run, at=clock.now() + timedelta(seconds=diagnosis.STALE_SECONDS + 1))

    assert (finding.code, finding.severity) == ("signal:stale", Severity.BAD)


def test_run_without_facts_says_why_it_waits() -> None:
    assert _found(facts_at=None) == [("signal:preparing", "ok")]
    assert _found(facts_at=None, note="The video workers are busy.") == [("signal:noted", "warn")]
    assert _found(note="It is shown at up to 1280x720.")[0] == ("signal:ok", "ok")


def test_words_are_message_and_cure() -> None:
    finding = replace(diagnosis.NO_SIGNAL, cure="")

    assert diagnosis.NO_SIGNAL.words == "No signal yet. Start broadcasting in your encoder."
    assert finding.words == "No signal yet."


def test_browser_is_not_told_of_an_encoders_settings() -> None:
    natural = _run(uneven=0.5, verdict="its keyframes are 2.1 seconds apart.", bitrate_low=200_000)
    assert browser_advice.fitted(diagnosis.findings(natural, at=clock.now())) == [diagnosis.ALL_WELL]

    poor = _run(clipped=90, fps=12.0, source_fps="12", stutter=3.5, missing=0.2, interlaced=True, b_frames=True)
    found = browser_advice.fitted(diagnosis.findings(poor, at=clock.now()))
    assert {"sound:clips", "frames:few", "line:stutters", "frames:dropped"} <= {item.code for item in found}
    for item in found:
        assert not {"encoder", "bitrate", "OBS"} & set(item.words.split())

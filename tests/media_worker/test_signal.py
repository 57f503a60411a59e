"""What a real ffmpeg makes of real sources: frames, fields, sound."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from media_worker.layout import RoomLayout
from media_worker.packager import sps
from media_worker.process import prober, supervisor
from media_worker.process.contract import Control, Outcome, RunSpec, SignalReport
from media_worker.source import Source
from tests.media_worker import sources
from tests.media_worker.owner import Owner, spec

pytestmark = [pytest.mark.media, pytest.mark.usefixtures("nothing_left_behind")]

SMALL = "320x180"


def _last(layout: RoomLayout, clip: Path) -> SignalReport:
    owner = Owner()
    owner.carry(spec(layout, clip))
    return owner.facts[-1]


@pytest.mark.parametrize("b_frames", [0, 2])
def test_b_frames_are_seen_in_the_source(layout: RoomLayout, tmp_path: Path, b_frames: int) -> None:
    clip = sources.make(tmp_path / "clip.flv", seconds=3, size=SMALL, b_frames=b_frames)

    facts = _last(layout, clip)

    assert facts.pacing.b_frames is (b_frames > 0)
    assert facts.profile.startswith("Main" if b_frames else "Baseline")
    assert facts.interlaced is False


def test_few_frames_and_rare_keyframes_are_measured(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "clip.flv", seconds=12, size=SMALL, rate="12", gop=120)

    facts = _last(layout, clip)

    assert facts.fps == pytest.approx(12, abs=1)
    assert (facts.keyframe_gap, facts.keyframe_longest) == (10.0, 10.0)
    assert (facts.pacing.lost, facts.pacing.uneven) == (0, 0.0)


def test_frames_that_the_encoder_left_out_are_counted(layout: RoomLayout, tmp_path: Path) -> None:
    drops = ("-vf", r"select='not(between(n\,90\,104))'", "-fps_mode", "vfr")
    clip = sources.make(tmp_path / "clip.flv", seconds=7, size=SMALL, words=drops)

    facts = _last(layout, clip)

    assert facts.pacing.lost == 15
    assert facts.pacing.uneven < 0.1


def test_interlaced_picture_is_recognised(layout: RoomLayout, tmp_path: Path) -> None:
    words = ("-flags", "+ildct+ilme", "-x264-params", "tff=1")
    clip = sources.make(tmp_path / "clip.flv", seconds=3, size=SMALL, words=words)

    assert _last(layout, clip).interlaced is True


def test_sound_of_known_loudness_has_that_level(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "clip.flv", seconds=4, size=SMALL, tone=0.25)

    facts = _last(layout, clip)

    assert facts.loudness.level == pytest.approx(20 * math.log10(0.25 / math.sqrt(2)), abs=1)
    assert facts.loudness.peak == pytest.approx(20 * math.log10(0.25), abs=1)
    assert (facts.audio_channels, facts.audio_rate) == (2, 48000)
    assert facts.loudness.clipped == 0


def test_silent_sound_is_silence(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "clip.flv", seconds=5, size=SMALL, tone=0)

    facts = _last(layout, clip)

    assert facts.audio_codec == "AAC"
    assert facts.loudness.level is not None
    assert facts.loudness.level < -60
    assert facts.loudness.silent >= 1


def test_sound_that_is_too_loud_is_counted(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "clip.flv", seconds=5, size=SMALL, tone=8)

    assert _last(layout, clip).loudness.clipped >= 2


def test_source_without_sound_has_no_level(layout: RoomLayout, tmp_path: Path) -> None:
    clip = sources.make(tmp_path / "clip.flv", seconds=3, size=SMALL, audio="")

    facts = _last(layout, clip)

    assert (facts.audio_codec, facts.loudness.level, facts.loudness.silent) == ("", None, 0.0)


def test_source_that_only_declares_sound_is_shown_without(
    layout: RoomLayout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ffmpeg refuses to listen to what is not there; the next attempt does without."""
    clip = sources.make(tmp_path / "clip.flv", seconds=3, size=SMALL, audio="")

    def declared(run: RunSpec, control: Control, *, until: float) -> Source | Outcome:
        seen = prober.wait_for_source(run, control, until=until)
        return replace(seen, audio_codec="AAC", audio_profile="LC") if isinstance(seen, Source) else seen

    monkeypatch.setattr(supervisor, "wait_for_source", declared)
    owner = Owner()
    outcome = owner.carry(spec(layout, clip))

    assert outcome.exit_code == 0
    assert owner.playable_count == 1


@pytest.mark.parametrize(
    ("codec", "words"),
    [("avc1.64001f", "High 3.1"), ("avc1.4d401e", "Main 3.0"), ("avc1.f40028", "High 4:4:4 4.0"), ("hvc1", "")],
)
def test_profile_is_named(codec: str, words: str) -> None:
    assert sps.profile(codec) == words


@pytest.mark.parametrize(
    "config", [b"", b"\x01\x64\x00\x1f\xff", b"\x01\x64\x00\x1f\xff\xe1\x00\x04\x67\x64\x00\x1f"]
)
def test_parameter_set_that_cannot_be_read_says_nothing(config: bytes) -> None:
    assert sps.interlaced(config) is None

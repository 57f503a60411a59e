"""How frames come, from their times alone: even, lost, in bursts, jumping."""

import pytest

from media_worker.packager.frame_pacing import FramePacingMeter
from media_worker.packager.timing import Timing

_FPS = 30
_PORTION = 15


class Line:
    """A source and the clock on the wall: each portion of half a second comes when it is over."""

    def __init__(self) -> None:
        self.wall = 50.0
        self.media = 10.0
        self.meter = FramePacingMeter(lambda: self.wall)

    def send(self, portions: int, *, drop: int = 0, offset: float = 0.0, late: float = 0.0) -> None:
        """`drop`: every frame whose number this divides is missing."""
        for _ in range(portions):
            times = [self.media + frame / _FPS for frame in range(_PORTION) if not drop or frame % drop]
            offsets = [0.04 + offset * (frame % 2) for frame in range(len(times))]
            self.media += _PORTION / _FPS
            self.wall += _PORTION / _FPS
            self.wall += late
            self.meter.add(Timing(tuple(round(at, 3) for at in times), tuple(offsets)))
            self.wall -= late


def test_even_source_is_even() -> None:
    line = Line()
    line.send(40)

    pacing = line.meter.pacing

    assert (pacing.b_frames, pacing.uneven, pacing.lost, pacing.missing, pacing.jumps) == (False, 0.0, 0, 0.0, 0)
    assert pacing.stutter < 0.01


def test_nothing_is_known_of_too_little() -> None:
    assert FramePacingMeter().pacing.b_frames is None
    line = Line()
    line.meter.add(Timing((), ()))
    line.send(1)

    assert (line.meter.pacing.b_frames, line.meter.pacing.uneven) == (None, 0.0)


def test_frames_that_are_shown_later_than_decoded_are_b_frames() -> None:
    line = Line()
    line.send(5, offset=0.067)
    assert line.meter.pacing.b_frames is True

    line.send(10)
    assert line.meter.pacing.b_frames is False


def test_frames_that_the_source_left_out_are_counted() -> None:
    line = Line()
    line.send(20)
    line.media += 10 / _FPS
    line.wall += 10 / _FPS
    line.send(20)

    pacing = line.meter.pacing

    assert pacing.lost == 10
    assert pacing.missing == pytest.approx(10 / 610, abs=0.001)
    assert pacing.uneven < 0.01


def test_losses_of_long_ago_are_no_news() -> None:
    line = Line()
    line.send(20)
    line.media += 1
    line.wall += 1
    line.send(130)

    assert (line.meter.pacing.lost, line.meter.pacing.missing) == (30, 0.0)


def test_rate_that_varies_is_uneven() -> None:
    line = Line()
    line.send(20, drop=3)

    assert line.meter.pacing.uneven > 0.2


def test_signal_that_comes_in_bursts_stutters() -> None:
    line = Line()
    line.send(20)
    line.send(2, late=1.5)
    line.send(10)
    assert line.meter.pacing.stutter == pytest.approx(1.5, abs=0.05)

    line.send(70)
    assert line.meter.pacing.stutter < 0.05


def test_burst_at_the_start_is_ffmpegs_own() -> None:
    line = Line()
    line.send(4, late=2.0)
    line.send(40)

    assert line.meter.pacing.stutter < 0.05


def test_clock_that_jumps_ahead_is_no_loss() -> None:
    line = Line()
    line.send(20)
    line.media += 3000
    line.send(20)

    pacing = line.meter.pacing

    assert (pacing.jumps, pacing.jumped, pacing.lost) == (1, 1, 0)
    line.send(130)
    assert (line.meter.pacing.jumps, line.meter.pacing.jumped) == (1, 0)


def test_clock_that_jumps_back_presses_frames_together() -> None:
    line = Line()
    line.send(20)
    pressed = tuple(line.media + frame / 1000 for frame in range(_PORTION))
    line.meter.add(Timing(pressed, (0.04,) * _PORTION))

    assert line.meter.pacing.jumps == 1

"""What ffmpeg says about the sound, and what is remembered of it."""

from media_worker.ffmpeg.loudness import FLOOR, Loudness, LoudnessMeter, LoudnessReader, LoudnessReport

_REPORT = (
    b"frame:3    pts:144000  pts_time:3\n"
    b"lavfi.astats.Overall.Peak_level=-9.05\n"
    b"lavfi.astats.Overall.RMS_level=-12.04\n"
)


def _report(mean: float | str, peak: float | str = -6.0) -> bytes:
    return f"lavfi.astats.Overall.Peak_level={peak}\nlavfi.astats.Overall.RMS_level={mean}\n".encode()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_report_is_read_in_any_portions() -> None:
    reader = LoudnessReader()

    found = [item for at in range(len(_REPORT)) for item in reader.feed(_REPORT[at : at + 1])]

    assert found == [LoudnessReport(-12.0, -9.1)]


def test_silence_and_nonsense_have_a_floor() -> None:
    found = list(LoudnessReader().feed(_report("-inf", "-inf") + _report("nan", "x") + b"x" * 99999))

    assert found == [LoudnessReport(FLOOR, FLOOR)] * 2


def test_silence_counts_from_the_last_sound() -> None:
    clock = Clock()
    loudness_meter = LoudnessMeter(clock)
    loudness_meter.feed(_report(-20))
    assert loudness_meter.loudness == Loudness(-20.0, -6.0, 0.0, 0)

    for _ in range(31):
        clock.now += 1
        loudness_meter.feed(_report(-75, -70))
    assert loudness_meter.loudness == Loudness(-75.0, -70.0, 31.0, 0)

    loudness_meter.feed(_report(-59, -40))
    assert loudness_meter.loudness.silent == 0


def test_sound_that_does_not_come_is_silence_without_a_level() -> None:
    clock = Clock()
    loudness_meter = LoudnessMeter(clock)
    assert loudness_meter.loudness == Loudness()
    clock.now += 40
    assert loudness_meter.loudness == Loudness(None, None, 40.0, 0)

    loudness_meter.feed(_report(-20))
    assert loudness_meter.loudness.silent == 0
    clock.now += 5
    assert loudness_meter.loudness == Loudness(None, None, 5.0, 0)


def test_seconds_that_were_too_loud_are_counted_and_forgotten() -> None:
    clock = Clock()
    loudness_meter = LoudnessMeter(clock)
    for _ in range(12):
        clock.now += 1
        loudness_meter.feed(_report(-4, 1.2))
    assert loudness_meter.loudness.clipped == 12

    clock.now += 25
    loudness_meter.feed(_report(-20))
    assert loudness_meter.loudness.clipped == 5

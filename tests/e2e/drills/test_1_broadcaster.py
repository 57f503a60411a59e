"""The broadcaster goes, freezes, changes devices, comes back."""

import signal
import time

from playwright.sync_api import expect

from tests.e2e.drills.evening import Encoder, Evening
from tests.e2e.parts import until


def test_broadcaster_drops_and_returns_after_6_seconds(evening: Evening) -> None:
    with evening.drill("broadcaster away for 6 s"):
        _away(evening, 6)
    assert evening.happened(3) == ["picture", "publish", "signal_lost"]


def test_broadcaster_drops_and_returns_after_50_seconds(evening: Evening) -> None:
    with evening.drill("broadcaster away for 50 s"):
        _away(evening, 50)
    assert evening.happened(3) == ["picture", "publish", "signal_lost"]


def _away(evening: Evening, seconds: float) -> None:
    """The viewer reads how long the class is held, the instructor that the signal is gone."""
    evening.encoder.kill()
    gone = time.monotonic()
    slate = evening.visit.page.get_by_role("heading", name="Back in a moment")
    expect(slate).to_be_visible()
    assert evening.state() == "interrupted"
    until(lambda: time.monotonic() - gone >= seconds, what="the broadcaster's return")
    expect(slate).to_be_visible()
    evening.encoder.start()


def test_frozen_broadcaster_is_dropped_and_the_class_held(evening: Evening) -> None:
    with evening.drill("broadcaster frozen, replaced once it was dropped"):
        evening.encoder.signal(signal.SIGSTOP)
        until(lambda: evening.state() == "interrupted", what="the end of the frozen connection")
        evening.encoder.kill()
        evening.encoder.start()
    assert evening.happened(3) == ["picture", "publish", "signal_lost"]


def test_broadcaster_returns_with_a_smaller_picture_and_the_old_one(evening: Evening) -> None:
    for size in ("640x360", "1280x720"):
        with evening.drill(f"broadcaster returns with {size}"):
            evening.encoder.kill()
            until(lambda: evening.state() == "interrupted", what="the end of the connection")
            evening.encoder.start(size=size)


def test_second_device_takes_over_when_its_owner_says_so(evening: Evening) -> None:
    first, second = evening.encoder, Encoder(evening.ingest_url)
    second.start()
    until(lambda: not second.running, what="the refusal of a second encoder")
    assert "a second encoder tried your key" in evening.words()

    with evening.drill("second device takes over"):
        evening.instructor.must("POST", f"{evening.path}/take-over")
        second.start()
        evening.encoder = second
        until(lambda: not first.running, what="the end of the first encoder")
        first.kill()
    assert evening.happened(5) == ["picture", "publish", "taken_over", "signal_lost", "takeover_allowed"]

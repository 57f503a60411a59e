"""The broadcaster goes, freezes, comes back."""

import signal
import time

from playwright.sync_api import expect

from tests.e2e.drills.evening import Evening
from tests.e2e.parts import until


def test_broadcaster_drops_and_returns_after_6_seconds(evening: Evening) -> None:
    with evening.drill("broadcaster away for 6 s"):
        _away(evening, 6)


def test_broadcaster_drops_and_returns_after_50_seconds(evening: Evening) -> None:
    with evening.drill("broadcaster away for 50 s"):
        _away(evening, 50)


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

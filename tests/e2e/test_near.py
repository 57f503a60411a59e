"""The class page picks the picture: WebRTC in an Interactive class, HLS in every other case, without a tap."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import DESKTOP, PHONE, Visit
from tests.e2e.parts import Caller, broadcaster, until
from tests.e2e.test_low_latency import instructor, started

__all__ = ["instructor", "started"]  # fixtures

NEAR = "() => document.querySelector('[data-screen] video').srcObject !== null"


def is_near(visit: Visit) -> bool:
    return bool(visit.page.evaluate(NEAR))


@pytest.fixture
def running(instructor: Caller, started: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A class that is Interactive, with an encoder on the RTMP door."""
    path = f"/api/streaming/sessions/{started['streaming_session']['id']}"
    instructor.must("POST", f"{path}/mode", json={"mode": "interactive"})
    with broadcaster(started["stream_config"]["rtmp_url"]):
        yield started | {"path": path}


def test_near_picture_comes_and_goes_by_itself(
    demo: dict[str, Any], browser: Browser, instructor: Caller, running: dict[str, Any]
) -> None:
    member = Visit(browser, demo, "member", viewport=PHONE)
    member.page.goto(f"/classes/{running['class']}")
    until(lambda: is_near(member) and member.moves(), what="a picture by WebRTC")
    delay = member.page.locator("[data-delay]")
    delay.click()
    until(lambda: delay.inner_text().startswith("0."), what="a delay of less than a second")

    instructor.must("POST", f"{running['path']}/mode", json={"mode": "broadcast"})
    until(lambda: not is_near(member) and member.moves(), what="the same class by HLS")
    instructor.must("POST", f"{running['path']}/mode", json={"mode": "interactive"})
    until(lambda: is_near(member) and member.moves(), what="the near picture again")
    assert member.faults == []


def test_who_goes_back_in_time_watches_hls_until_live(
    demo: dict[str, Any], browser: Browser, running: dict[str, Any]
) -> None:
    member = Visit(browser, demo, "member", viewport=DESKTOP)
    member.page.goto(f"/classes/{running['class']}")
    until(lambda: is_near(member) and member.moves(12), what="twelve seconds by WebRTC")

    back = member.page.get_by_role("button", name="seek back 10 seconds")
    back.hover()
    back.click()
    until(lambda: "behind" in member.page.locator("[data-delay]").inner_text(), what="words about the place")
    assert not is_near(member)

    member.page.get_by_role("button", name="Go live").click()
    until(lambda: is_near(member) and member.moves(), what="the near picture again")
    assert member.faults == []

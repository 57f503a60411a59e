"""The class page picks the picture: WebRTC in an Interactive class, HLS in every other case, without a tap."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from deploy.local import lifecycle
from tests.e2e.browsing import DESKTOP, PHONE, Visit
from tests.e2e.drills import evening as drills
from tests.e2e.filming import Filming, Lesson, lesson, studio_browser
from tests.e2e.parts import Caller, broadcaster, until
from tests.e2e.test_low_latency import instructor, started

__all__ = ["instructor", "lesson", "started", "studio_browser"]  # fixtures

NEAR = "() => document.querySelector('[data-screen] video').srcObject !== null"

FRAMES = "() => document.querySelector('[data-screen] video').getVideoPlaybackQuality().totalVideoFrames"


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


class Painted:
    """How far the picture of a page moved, whichever of its sources showed it."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.frames = 0

    def _count(self) -> int:
        return int(self.visit.page.evaluate(FRAMES))

    def goes_on(self) -> bool:
        """By WebRTC, since the last time this was asked."""
        before, self.frames = self.frames, self._count()
        return is_near(self.visit) and self.frames > before > 0


def test_from_browser_to_browser_over_every_fault(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson, stack: lifecycle.RunningStack
) -> None:
    instructor = Filming(studio_browser, demo, viewport=PHONE, reduced_motion="reduce")
    title = instructor.open(lesson).locator("[data-state-title]")
    instructor.page.get_by_role("button", name="Go live").click()
    expect(title).to_have_text("Preview")
    lesson.act("start")
    lesson.instructor.must("POST", f"/api/streaming/sessions/{lesson.stream_id}/mode", json={"mode": "interactive"})
    near, far = (Visit(browser, demo, name, viewport=PHONE) for name in ("member", "owner"))
    far.page.route_web_socket("**/webrtc/**", lambda socket: socket.close())  # a network that lets only HLS through
    for visit in (near, far):
        visit.page.goto(f"/classes/{lesson.session_id}")
    painted = Painted(near)
    until(painted.goes_on, what="a picture by WebRTC")
    until(far.moves, what="a picture by HLS")

    instructor.page.reload()
    expect(title).to_have_text("Live")
    until(painted.goes_on, what="WebRTC after the instructor's reload")
    expect(near.page.get_by_role("heading", name="Back in a moment")).to_be_hidden()
    near.page.reload()
    until(painted.goes_on, what="WebRTC after the member's reload")
    until(drills.kill(stack, "janus"), what="a new Janus")
    until(painted.goes_on, what="WebRTC after Janus was killed")

    until(lambda: lesson.state == "live", what="the same class for everybody else")
    assert not is_near(far)
    seen = far.picture()["time"]
    until(lambda: far.moves(seen + 2), what="the same class by HLS")
    assert (near.faults, far.faults, instructor.faults) == ([], [], [])

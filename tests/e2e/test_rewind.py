"""A member goes back in a class that runs, stays there, and comes back to live."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.e2e.browsing import DESKTOP, PHONE, Visit
from tests.e2e.parts import broadcaster, until
from tests.e2e.test_low_latency import instructor, started

__all__ = ["instructor", "started"]  # fixtures

_BEHIND = re.compile(r"(\d+):(\d\d) behind")


class Viewer(Visit):
    """On the class page, with the playlists that the page was answered."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.playlists: list[Response] = []
        self.fetched: list[str] = []
        self.page.on("response", self._note)
        self.bar = self.page.get_by_role("slider", name="Place in the class")
        self.delay = self.page.locator("[data-delay]")
        self.slate = self.page.get_by_role("heading", name="Back in a moment")

    def _note(self, reply: Response) -> None:
        self.fetched.append(reply.url.rpartition("/")[2])
        if "playlist.m3u8" in reply.url:
            self.playlists.append(reply)

    @property
    def time(self) -> float:
        return float(self.picture()["time"])

    def behind(self) -> int:
        """Seconds behind live as the page says it; 0 at live."""
        found = _BEHIND.search(self.delay.inner_text())
        return int(found[1]) * 60 + int(found[2]) if found else 0

    def can_go_back(self, seconds: int) -> bool:
        return self.bar.is_visible() and -int(self.bar.get_attribute("min") or 0) >= seconds

    def watches_from(self, place: float) -> None:
        until(lambda: self.time > place + 3, what="a picture that moves from there")


@pytest.fixture
def viewer(demo: dict[str, Any], browser: Browser) -> Iterator[Viewer]:
    """A member in the demo's live class, which has run for half a minute at least."""
    found = Viewer(browser, demo, "member", viewport=DESKTOP)
    found.page.goto(f"/classes/{demo['group_sessions']['live']}")
    until(found.moves, what="a picture")
    until(lambda: found.can_go_back(40), seconds=90, what="a window to go back in")
    yield found
    assert found.faults == []


def test_buttons_go_back_and_come_back(viewer: Viewer) -> None:
    live = viewer.time
    viewer.page.get_by_role("button", name="seek back 10 seconds").hover()
    for _ in range(3):
        viewer.page.get_by_role("button", name="seek back 10 seconds").click()

    until(lambda: 25 <= viewer.behind() <= 35, what="words about the place")
    expect(viewer.page.get_by_role("status").get_by_text("seconds behind live")).to_be_visible()
    place = viewer.time
    assert live - 35 < place < live - 20
    viewer.watches_from(place)
    assert 25 <= viewer.behind() <= 35, "nobody drags them forward"
    assert viewer.page.evaluate("document.querySelector('video').playbackRate") == 1
    assert [name for name in viewer.fetched if re.match(r"seg-\d+\.m4s", name)], "the past comes in whole segments"

    viewer.page.get_by_role("button", name="seek forward 10 seconds").click()
    until(lambda: 15 <= viewer.behind() <= 25, what="a step forward")

    viewer.page.get_by_role("button", name="Go live", exact=True).click()
    expect(viewer.bar).to_have_attribute("aria-valuetext", "Live")
    expect(viewer.page.get_by_role("button", name="Go live", exact=True)).to_be_hidden()
    until(lambda: viewer.time > live, what="the present")
    viewer.watches_from(viewer.time)
    assert viewer.behind() == 0


def test_keys_go_back_and_come_back(viewer: Viewer) -> None:
    live = viewer.time
    viewer.bar.press("Home")
    until(lambda: viewer.behind() >= 35, what="the oldest picture")
    expect(viewer.bar).to_have_attribute("aria-valuetext", re.compile("behind live"))
    viewer.watches_from(viewer.time)
    oldest = viewer.behind()
    viewer.bar.press("ArrowRight")
    until(lambda: viewer.behind() <= oldest - 8, what="a step forward")
    viewer.bar.press("End")
    until(lambda: viewer.time > live, what="the present")
    until(lambda: viewer.behind() == 0, what="live")

    viewer.page.locator("media-controller").focus()
    viewer.page.keyboard.press("j")
    until(lambda: 7 <= viewer.behind() <= 14, what="ten seconds back")
    viewer.page.keyboard.press("ArrowLeft")
    until(lambda: 17 <= viewer.behind() <= 25, what="twenty seconds back")
    viewer.page.keyboard.press("l")
    until(lambda: 7 <= viewer.behind() <= 15, what="ten seconds forward")
    viewer.page.keyboard.press("End")
    until(lambda: viewer.behind() == 0, what="live")


def test_pause_keeps_the_place(viewer: Viewer) -> None:
    viewer.page.locator("media-controller").focus()
    viewer.page.keyboard.press("k")
    until(lambda: viewer.picture()["paused"], what="a pause")
    place = viewer.time
    until(lambda: viewer.behind() >= 6, what="the class going on")
    viewer.page.keyboard.press("k")

    viewer.watches_from(place)
    assert viewer.time < place + 6
    assert viewer.behind() >= 4


def test_reloads_are_delta_updates(viewer: Viewer) -> None:
    viewer.playlists.clear()

    def asked() -> list[Response]:
        viewer.moves()  # Playwright hears of answers while it is asked something
        return [reply for reply in viewer.playlists[:-3] if "_HLS_skip=YES" in reply.url]

    bodies = [reply.text() for reply in until(asked, what="delta updates")]
    assert all("#EXT-X-SKIP:SKIPPED-SEGMENTS=" in body for body in bodies)
    assert max(map(len, bodies)) < 6000


def test_who_is_in_the_past_goes_on_over_an_interruption(
    demo: dict[str, Any], browser: Browser, started: dict[str, Any]
) -> None:
    address = started["stream_config"]["rtmp_url"]
    viewer = Viewer(browser, demo, "member", viewport=PHONE)
    viewer.page.goto(f"/classes/{started['class']}")
    with broadcaster(address):
        until(viewer.moves, what="a picture")
        until(lambda: viewer.can_go_back(22), what="a window to go back in")
        viewer.bar.press("Home")
        until(lambda: viewer.behind() >= 15, what="the past")
    place = viewer.time
    until(lambda: viewer.page.locator("[data-live]").is_hidden(), what="the news of the interruption")
    viewer.watches_from(place)
    expect(viewer.slate).to_be_hidden()

    expect(viewer.slate).to_be_visible()  # when the past is used up
    with broadcaster(address):
        expect(viewer.slate).to_be_hidden()
        until(lambda: viewer.time > place + 25, what="the picture's return")

        viewer.bar.press("Home")
        until(lambda: viewer.behind() >= 15, what="the past of before the interruption")
        back = viewer.time
        until(lambda: viewer.time > back + 25, what="both runs, one after the other")
        assert viewer.behind() >= 15
        viewer.page.get_by_role("button", name="Go live", exact=True).click()
        until(lambda: viewer.behind() == 0, what="live")
    assert viewer.faults == []


def test_place_in_the_past_is_accessible(viewer: Viewer) -> None:
    viewer.bar.press("Home")
    until(lambda: viewer.behind() >= 30, what="the past")
    seen, viewer.faults = viewer.faults, []
    assert viewer.axe() == []
    viewer.faults = seen  # axe writes styles, which our policy refuses

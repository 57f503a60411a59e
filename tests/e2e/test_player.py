"""The player's own promises, on the class page of the live class."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import PHONE, Visit, serve_sources
from tests.e2e.parts import Caller, until

# Counts what the page asks of the screen; headless Chromium has no screen that could stay awake.
_COUNT_LOCKS = """() => {
  globalThis.locks = {asked: 0, held: 0};
  const request = async () => {
    locks.asked += 1;
    locks.held += 1;
    const lock = new EventTarget();
    lock.release = async () => { locks.held -= 1; lock.dispatchEvent(new Event('release')); };
    return lock;
  };
  Object.defineProperty(navigator, 'wakeLock', {value: {request}});
}"""

# hls.js's side of the story in hls-gap-fix.js, as far as it listens: a playlist goes on, nothing is loaded.
_CRACK = """async ({end, now, parts, quiet}) => {
  const {stepOverGaps} = await import('/sources/js/player/hls-gap-fix.js');
  const listeners = {};
  const hls = {on: (event, listener) => { (listeners[event] ??= []).push(listener); }};
  const Events = new Proxy({}, {get: (_, event) => event});
  const video = {currentTime: now, paused: false, seeking: false,
                 buffered: {length: 1, start: () => 0, end: () => end}};
  stepOverGaps(video, hls, Events);
  await new Promise((done) => setTimeout(done, quiet));
  const partList = parts.map(([start, independent]) => ({start, independent}));
  const details = {partList, partEnd: parts.at(-1)[0] + 0.2};
  listeners.LEVEL_UPDATED.forEach((listener) => listener('LEVEL_UPDATED', {details}));
  return video.currentTime;
}"""


@pytest.fixture
def live(demo: dict[str, Any]) -> str:
    return f"/classes/{demo['group_sessions']['live']}"


def watching(demo: dict[str, Any], browser: Browser, live: str, name: str = "member") -> Visit:
    visit = Visit(browser, demo, name, viewport=PHONE)
    visit.page.goto(live)
    until(visit.moves, what="a picture")
    return visit


def test_screen_stays_awake_while_the_picture_runs(demo: dict[str, Any], browser: Browser, live: str) -> None:
    visit = Visit(browser, demo, "member", viewport=PHONE)
    visit.page.add_init_script(f"({_COUNT_LOCKS})()")
    visit.page.goto(live)
    until(visit.moves, what="a picture")
    until(lambda: _held(visit.page) == 1, what="a lock on the screen")

    visit.page.evaluate("document.querySelector('video').pause()")
    until(lambda: _held(visit.page) == 0, what="its release")
    visit.page.evaluate("document.querySelector('video').play()")
    until(lambda: _held(visit.page) == 1, what="another lock")


def _held(page: Page) -> int:
    held: int = page.evaluate("locks.held")
    return held


def test_removed_member_reads_why_and_asks_no_more(demo: dict[str, Any], browser: Browser, live: str) -> None:
    club = demo["clubs"][0]["id"]
    owner, member2 = (Caller(demo["base_url"], demo["accounts"][who]["token"]) for who in ("owner", "member2"))
    visit = watching(demo, browser, live, "member2")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))

    member2.must("POST", f"/api/clubs/{club}/leave")
    expect(visit.page.get_by_role("heading", name="You are no longer in this class")).to_be_visible()
    asked.clear()
    visit.page.wait_for_timeout(5000)

    assert [url for url in asked if "/hls/" in url] == []
    if not member2("POST", f"/api/clubs/{club}/join").is_success:
        return
    for one in owner.must("GET", f"/api/clubs/{club}/requests")["requests"]:
        owner("POST", f"/api/clubs/{club}/requests/{one['id']}/accept")


PARTS = [(8.0, True), (8.2, False), (10.0, True), (10.2, False), (10.4, False)]


@pytest.mark.parametrize(
    ("case", "given", "sought"),
    [
        ("the buffer ends a microsecond early", {"end": 9.999999, "now": 9.8}, 10.002),
        ("the buffer is still long", {"end": 9.999999, "now": 8.0}, 8.0),
        ("something was loaded just now", {"end": 9.999999, "now": 9.8, "quiet": 0}, 9.8),
        ("the playlist does not go on", {"end": 10.6, "now": 10.5}, 10.5),
    ],
)
def test_cracks_are_stepped_over_and_nothing_else(
    demo: dict[str, Any], browser: Browser, case: str, given: dict[str, float], sought: float
) -> None:
    page = Visit(browser, demo).page
    serve_sources(page)
    page.goto("/accounts/login/")

    place = page.evaluate(_CRACK, {"quiet": 700, "parts": PARTS, **given})

    assert place == pytest.approx(sought), case

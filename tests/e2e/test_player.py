"""The player's own promises, on the class page of the live class."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import PHONE, Visit
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

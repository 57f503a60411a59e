"""The site in a browser: no fault in any page, readable by everybody, true without a script, text stays text."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import DESKTOP, NARROW, PHONE, SIDEWAYS, Visit
from tests.e2e.parts import Caller, until

SIGNED_OUT = [
    "/",
    "/clubs",
    "/clubs/{club}",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/x",
]
MEMBER = ["/", "/schedule", "/my/classes", "/clubs", "/clubs/{club}", "/notifications", "/account/"]
MEMBER += ["/classes/{live}", "/classes/{upcoming}", "/accounts/email/", "/accounts/password/change/"]
INSTRUCTOR = ["/studio", "/studio/new", "/studio/{live}", "/studio/{upcoming}"]


def fill(path: str, demo: dict[str, Any]) -> str:
    return path.format(club=demo["clubs"][0]["slug"], **demo["group_sessions"])


@pytest.mark.parametrize(("name", "paths"), [("", SIGNED_OUT), ("member", MEMBER), ("instructor", INSTRUCTOR)])
def test_pages_have_no_fault_and_please_axe(
    demo: dict[str, Any], browser: Browser, name: str, paths: list[str]
) -> None:
    visit = Visit(browser, demo, name, viewport=PHONE, reduced_motion="reduce")
    found = {}
    for path in paths:
        visit.page.goto(fill(path, demo))
        visit.page.wait_for_load_state("networkidle" if "{" not in path else "load")
        found[path] = list(visit.faults)
        for scheme in ("light", "dark"):
            visit.page.emulate_media(color_scheme=scheme)
            found[path] += visit.axe()
        visit.faults.clear()  # axe itself writes style elements, which the policy stops

    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("name", "paths"), [("", SIGNED_OUT), ("member", MEMBER), ("instructor", INSTRUCTOR)])
def test_pages_fit_every_width(demo: dict[str, Any], browser: Browser, name: str, paths: list[str]) -> None:
    visit = Visit(browser, demo, name)
    wide = []
    for path in paths:
        visit.page.goto(fill(path, demo))
        for size in (NARROW, PHONE, SIDEWAYS, DESKTOP):
            visit.page.set_viewport_size(size)
            if visit.overflows():
                wide.append((path, size["width"]))

    assert wide == []


def test_keyboard_reaches_the_content_first(demo: dict[str, Any], browser: Browser) -> None:
    page = Visit(browser, demo, "member", viewport=DESKTOP).page
    page.goto("/schedule")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_stranger_gets_nothing_of_a_class(demo: dict[str, Any], browser: Browser) -> None:
    page = Visit(browser, demo, "stranger").page

    for path in ("/classes/{live}", "/studio/{live}"):
        reply = page.goto(fill(path, demo))
        assert reply is not None
        assert reply.status == 404
        assert page.locator("video").count() == 0


def test_without_a_script_pages_tell_the_truth_and_forms_work(demo: dict[str, Any], browser: Browser) -> None:
    page = Visit(browser, demo, "member", java_script_enabled=False).page

    page.goto(fill("/classes/{live}", demo))
    # Chromium under automation keeps <noscript> closed even without scripts: look at what a reader gets.
    assert "The picture and the talk need JavaScript" in page.content()

    page.goto(fill("/classes/{upcoming}", demo))
    already = page.get_by_role("button", name="Give up my seat")
    if already.count():
        already.click()
    page.get_by_role("button", name="Save my seat").first.click()
    expect(page.get_by_text("is saved.")).to_be_visible()


def test_payloads_show_as_text(demo: dict[str, Any], browser: Browser) -> None:
    payload = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
    session = instructor.must(
        "POST",
        "/api/group-sessions",
        json={
            "club_id": demo["clubs"][0]["id"],
            "title": payload,
            "description": payload,
            "starts_at": "2027-01-04T08:00:00Z",
            "duration_minutes": 30,
        },
    )["group_session"]
    visit = Visit(browser, demo, "member")

    for path in (f"/classes/{session['id']}", "/schedule?from=2027-01-01", fill("/clubs/{club}", demo)):
        visit.page.goto(path)
        assert visit.page.locator("img[src=x]").count() == 0
    visit.page.goto(f"/classes/{session['id']}")
    expect(visit.page.get_by_role("heading", name=payload)).to_be_visible()

    instructor("POST", f"/api/group-sessions/{session['id']}/cancel")
    assert visit.faults == []


def test_token_is_made_copied_and_revoked(demo: dict[str, Any], browser: Browser) -> None:
    visit = Visit(browser, demo, "member2", permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    page.goto("/account/")
    page.get_by_text("Make a token").click()
    page.fill("input[name=name]", "Browser test")
    page.get_by_role("button", name="Make the token").click()

    token = page.locator("#new-token").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token
    assert Caller(demo["base_url"], token)("GET", "/api/me").status_code == 200

    page.get_by_role("button", name="Revoke Browser test").click()
    expect(page.get_by_text("no longer works")).to_be_visible()
    assert Caller(demo["base_url"], token)("GET", "/api/me").status_code == 401


def test_live_page_is_interactive_and_moving_soon(demo: dict[str, Any], browser: Browser) -> None:
    visit = Visit(browser, demo, "member", viewport=DESKTOP)
    visit.page.goto(fill("/classes/{live}", demo))

    until(visit.moves, what="a picture")
    ready = visit.page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    print(f"interactive after {ready:.0f} ms")
    assert ready < 1000
    expect(visit.page.locator("[data-slate]")).to_be_hidden()
    expect(visit.page.locator("[data-count]").first).to_contain_text("here")
    assert visit.faults == []


def test_quality_menu_chooses_the_rendition(demo: dict[str, Any], browser: Browser) -> None:
    visit = Visit(browser, demo, "member", viewport=DESKTOP)
    page = visit.page
    page.goto(fill("/classes/{live}", demo))
    until(visit.moves, what="a picture")

    page.mouse.move(400, 300)
    page.locator("media-rendition-menu-button").click()
    page.get_by_role("menuitemradio", name="480p", exact=True).click()

    until(lambda: visit.picture()["width"] == 854, what="the smaller picture")


def test_studio_tells_the_signal_in_words_and_numbers(demo: dict[str, Any], browser: Browser) -> None:
    visit = Visit(browser, demo, "instructor", viewport=DESKTOP, reduced_motion="reduce")
    page = visit.page
    page.goto(fill("/studio/{live}", demo))
    instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
    path = f"/api/streaming/sessions/{demo['streams']['live']['id']}/health"

    numbers = page.locator("[data-signal]")
    expect(numbers).to_contain_text("1280x720")
    expect(numbers).to_contain_text("AAC stereo 48 kHz")
    expect(page.locator("meter")).to_be_visible()
    expect(page.get_by_text("in the last ten minutes")).to_be_visible()
    expect(page.locator("svg.sparkline path")).to_have_attribute("d", re.compile("^M"))
    words = [finding["message"] for finding in instructor.must("GET", path)["health"]["words"]]
    expect(page.locator("[data-health-message]")).to_have_text(re.compile("|".join(map(re.escape, words))))

    assert len(instructor.must("GET", f"{path}?step=10")["health"]["series"]["points"]) >= 2
    assert visit.faults == []
    assert visit.axe() == []
    page.set_viewport_size(PHONE)
    assert not visit.overflows()

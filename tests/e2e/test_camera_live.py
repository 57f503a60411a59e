"""A class from a browser: on air, seen by members, paused, changed, reloaded, taken over, ended."""

import re
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from deploy.local import lifecycle
from tests.e2e.browsing import PHONE, Visit
from tests.e2e.filming import Filming, Lesson, lesson, studio_browser
from tests.e2e.parts import broadcaster, until

__all__ = ["lesson", "studio_browser"]


def title(page: Page) -> Locator:
    return page.locator("[data-state-title]")


def go_live(filming: Filming, lesson: Lesson) -> Page:
    page = filming.open(lesson)
    page.get_by_role("button", name="Go live").click()
    return page


def test_class_from_a_phone(demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson) -> None:
    filming = Filming(studio_browser, demo, viewport=PHONE, reduced_motion="reduce")
    page = go_live(filming, lesson)
    expect(title(page)).to_have_text("Preview")
    page.get_by_role("button", name="Open the doors").click()
    expect(title(page)).to_have_text("Live")
    expect(page.locator("[data-signal-word]")).to_have_text(re.compile("Good|Fair|Weak"))

    member = Visit(browser, demo, "member")
    member.page.goto(f"/classes/{lesson.session_id}")
    until(lambda: member.moves(1), what="a member's picture")

    page.get_by_role("button", name="Pause").click()
    expect(title(page)).to_have_text("Paused")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Switch camera").click()
    page.context.new_page().goto("/clubs")
    page.get_by_role("button", name="Share screen").click()
    expect(page.get_by_text("Members see your screen and hear you.")).to_be_visible()
    page.get_by_role("button", name="Stop sharing").click()
    page.get_by_role("button", name="Mute", exact=True).click()
    expect(title(page)).to_have_text("Live, muted")
    seen = member.picture()["time"]
    until(lambda: member.moves(seen + 2), what="a picture that goes on")
    assert "interrupted" not in lesson.happened()

    page.reload()
    expect(title(page)).to_have_text("Live, muted")
    until(lambda: lesson.state == "live", what="the same class")
    seen = member.picture()["time"]
    until(lambda: member.moves(seen + 2), what="a picture after the reload")

    page.get_by_role("button", name="End the class").click()
    page.get_by_role("dialog").get_by_role("button", name="End the class").click()
    expect(page.get_by_role("heading", name="The class is over")).to_be_visible()
    assert lesson.state == "ended"
    assert filming.faults == []


def test_console_fits_and_pleases_axe(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo, viewport=PHONE, reduced_motion="reduce")
    page = go_live(filming, lesson)
    expect(title(page)).to_have_text("Preview")

    assert filming.problems() == []
    assert page.evaluate("[...document.querySelectorAll('video')].every((video) => video.muted)")
    page.get_by_role("button", name="Checks").click()
    expect(page.get_by_role("heading", name="How you look and sound")).to_be_visible()


def test_line_that_was_cut_is_mended(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson, stack: lifecycle.RunningStack
) -> None:
    page = go_live(Filming(studio_browser, demo), lesson)
    lesson.act("start")
    expect(title(page)).to_have_text("Live")

    stack.supervisor.stop(["sfu"])
    expect(title(page)).to_have_text("Reconnecting")
    stack.supervisor.start(["sfu"])
    expect(title(page)).to_have_text("Live")


def test_encoder_on_air_is_taken_over_only_when_asked(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo)
    with broadcaster(lesson.rtmp_url):
        until(lambda: lesson.state == "preview", what="the encoder's picture")
        page = go_live(filming, lesson)
        expect(page.get_by_role("heading", name="Another device is on air")).to_be_visible()

        page.get_by_role("button", name="Take over with this device").click()
        expect(title(page)).to_have_text("Preview")

    other = go_live(Filming(studio_browser, demo), lesson)
    expect(title(other)).to_have_text("Preview")
    expect(page.get_by_role("heading", name="You went on with another device")).to_be_visible()
    assert filming.faults == []


def test_studios_preview_is_silent(demo: dict[str, Any], browser: Browser) -> None:
    """The instructor is in the same room as her microphone."""
    visit = Visit(browser, demo, "instructor")
    visit.page.goto(f"/studio/{demo['group_sessions']['live']}")
    until(visit.moves, what="the studio's picture")

    assert visit.page.evaluate("document.querySelector('video').muted")

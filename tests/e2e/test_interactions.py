"""What goes on beside the talk, in browsers: two members and the instructor's class view."""

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE, SIDEWAYS, Visit
from tests.e2e.parts import Caller, until


def _shot(page: Page, name: str) -> None:
    """For whoever wants to look: FFC_SHOTS names a folder."""
    if folder := os.environ.get("FFC_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_react_vote_ask_and_raise_a_hand(demo: dict[str, Any], browser: Browser) -> None:
    session = demo["group_sessions"]["live"]
    # Who came back into the club in another test is asked again.
    again = Caller(demo["base_url"], demo["accounts"]["member2"]["token"])
    again.must("POST", f"/api/clubs/{demo['clubs'][0]['id']}/house-rules/accept", json={"version": 1})
    one = Visit(browser, demo, "member", viewport=PHONE, reduced_motion="no-preference")
    two = Visit(browser, demo, "member2", viewport=DESKTOP, reduced_motion="reduce")
    studio = Visit(browser, demo, "instructor", viewport=DESKTOP)
    view = studio.page.context.new_page()
    for visit in (one, two):
        visit.page.goto(f"/classes/{session}")
        until(visit.moves, what="the picture")
    studio.page.goto(f"/studio/{session}")
    view.goto(f"/studio/{session}/floor")

    _react(one.page, two.page)
    _poll(studio.page, one.page, two.page, view)
    _hand(one.page, view)
    _questions(one.page, two.page, view)

    _shot(studio.page, "studio-desktop")
    two.page.reload()
    expect(two.page.get_by_text("Is a mat enough?")).to_be_hidden()
    two.page.get_by_role("button", name="Questions").click()
    expect(two.page.locator(".question", has_text="Is a mat enough?")).to_contain_text("Answered")
    assert not one.overflows()
    for visit in (one, two, studio):
        assert visit.faults == []  # axe's own styles are refused by our policy, and say so
    assert one.axe() == []
    assert two.axe() == []
    assert studio.axe() == []
    one.page.set_viewport_size(SIDEWAYS)
    _shot(one.page, "class-sideways")
    assert not one.overflows()


def _react(one: Page, two: Page) -> None:
    flame = one.get_by_role("button", name="On fire")
    flame.focus()
    one.keyboard.press("Enter")
    expect(one.locator(".float")).to_have_count(1)
    for _ in range(3):
        flame.click()
    expect(two.locator('[data-shown="flame"]')).to_contain_text("+")  # no motion there: a count
    expect(two.locator(".float")).to_have_count(0)
    two.locator("summary", has_text=re.compile("here$")).click()
    two.locator(".person-cheer").first.click()
    expect(two.locator("[data-cheers]")).to_contain_text("cheers")
    _shot(one, "reactions-phone")
    box = flame.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44


def _poll(studio: Page, one: Page, two: Page, view: Page) -> None:
    studio.get_by_role("button", name="Start a poll").click()
    studio.get_by_label("Question", exact=True).fill("What do we finish with?")
    studio.get_by_label("Answer 1").fill("Squats")
    studio.get_by_label("Answer 2").fill("A long stretch on the mat, with the window open")
    _shot(studio, "poll-dialog")
    studio.get_by_role("button", name="Start the poll").click()
    one.get_by_role("button", name="Squats").click()
    two.get_by_role("button", name="Squats").click()
    expect(one.get_by_role("button", name="Squats")).to_contain_text("100 %")
    expect(one.get_by_role("button", name="Squats")).to_have_attribute("aria-pressed", "true")
    two.get_by_role("button", name="A long stretch").click()
    expect(one.get_by_role("button", name="Squats")).to_contain_text("50 %")
    _shot(one, "poll-phone")
    _shot(two, "poll-desktop")
    expect(view.locator("[data-poll]")).to_contain_text("2 votes")
    studio.get_by_role("button", name="Close the poll").click()
    expect(one.get_by_text("Result · 2 votes")).to_be_visible()
    expect(one.get_by_role("button", name="Squats")).to_be_disabled()
    two.get_by_role("button", name="Put the result away").click()
    expect(two.locator("[data-poll]")).to_be_hidden()


def _hand(one: Page, view: Page) -> None:
    one.get_by_role("button", name="Raise hand").click()
    expect(one.get_by_role("button", name="Hand is up")).to_have_attribute("aria-pressed", "true")
    expect(view.get_by_role("heading", name="1 hand up")).to_be_visible()


def _questions(one: Page, two: Page, view: Page) -> None:
    for page, words in (
        (one, "Is a mat enough?"),
        (two, "Can I do this with a bad knee, or is there an easier way?"),
    ):
        page.get_by_role("button", name="Questions").click()
        page.get_by_role("textbox", name="Your question").fill(words)
        page.get_by_role("textbox", name="Your question").press("Enter")
        expect(page.locator(".question", has_text=words)).to_be_visible()
    two.locator(".question", has_text="Is a mat enough?").get_by_role("button", name="I want to know too").click()
    expect(one.locator(".question").first).to_contain_text("Is a mat enough?")
    expect(one.locator(".question-vote b").first).to_have_text("1")
    expect(view.locator("[data-questions] li").first).to_contain_text("Is a mat enough?")
    _shot(one, "questions-phone")
    _shot(two, "questions-desktop")
    _shot(view, "view-desktop")
    view.set_viewport_size(PHONE)
    _shot(view, "view-phone")
    view.set_viewport_size(DESKTOP)

    view.get_by_role("button", name="Answered: Is a mat enough?").click()
    expect(view.locator("[data-questions] li")).to_have_count(1)
    expect(one.locator(".question", has_text="Is a mat enough?")).to_contain_text("Answered")
    view.get_by_role("button", name="Lower the hand of").click()
    expect(one.get_by_role("button", name="Raise hand")).to_have_attribute("aria-pressed", "false")
    one.get_by_role("button", name="Talk", exact=True).click()
    expect(one.get_by_role("textbox", name="Your message")).to_be_visible()

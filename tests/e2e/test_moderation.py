"""Keeping order in browsers: the studio's menu of a message, and what the member sees of it."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE, Visit


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Your message")
    box.fill(words)
    box.press("Enter")


def act(page: Page, words: str, button: str, *, unfold: bool = False) -> None:
    """On the last message with these words."""
    page.locator("li.message", has_text=words).last.get_by_role("button").click()
    if unfold:
        page.get_by_text("Undo, or make a moderator").click()
    page.get_by_role("button", name=button).click()


def test_deleting_pinning_and_a_time_out(demo: dict[str, Any], browser: Browser) -> None:
    session = demo["group_sessions"]["live"]
    studio = Visit(browser, demo, "instructor", viewport=DESKTOP)
    member = Visit(browser, demo, "member", viewport=PHONE)
    studio.page.goto(f"/studio/{session}")
    member.page.goto(f"/classes/{session}")
    say(member.page, "Bring a mat")
    say(member.page, "Buy my watches")
    expect(studio.page.get_by_text("Buy my watches")).to_be_visible()

    act(studio.page, "Bring a mat", "Pin on top")
    expect(member.page.locator("[data-pinned]")).to_contain_text("Bring a mat")
    act(studio.page, "Buy my watches", "Delete message")
    expect(member.page.get_by_text("Buy my watches")).to_have_count(0)
    act(studio.page, "Message deleted", "Restore message")
    expect(member.page.get_by_text("Buy my watches")).to_be_visible()

    act(studio.page, "Buy my watches", "5 minutes")
    expect(member.page.get_by_text("You have a time-out.")).to_be_visible()
    expect(member.page.locator("[data-timeout-clock]")).to_contain_text("4:")
    expect(member.page.get_by_role("textbox", name="Your message")).to_be_disabled()
    assert not member.overflows()
    act(studio.page, "Buy my watches", "End the time-out", unfold=True)
    expect(member.page.get_by_role("textbox", name="Your message")).to_be_enabled()

    studio.page.get_by_role("button", name="Rules of this talk").click()
    studio.page.get_by_label("Slow mode").select_option(label="A message every 10 seconds")
    studio.page.get_by_role("button", name="Save").click()
    expect(member.page.get_by_text("Slow mode: one message every 10 seconds.")).to_be_visible()
    studio.page.locator("li.message", has_text="Buy my watches").get_by_role("button").click()
    assert studio.faults == []  # axe's own styles are refused by our policy, and say so
    assert studio.axe() == []
    studio.page.keyboard.press("Escape")
    _tidy(studio.page)
    expect(member.page.get_by_text("Slow mode")).to_be_hidden()
    assert member.faults == []


def _tidy(page: Page) -> None:
    """As it was, for those who come after."""
    page.get_by_role("button", name="Rules of this talk").click()
    page.get_by_label("Slow mode").select_option(label="Off")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Take the pinned message down").click()
    expect(page.locator("[data-pinned]")).to_be_hidden()

"""Kindness in browsers: house rules once, held messages reviewed, a report from the talk to its answer."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import DESKTOP, PHONE, Visit
from tests.e2e.parts import Caller
from tests.e2e.test_moderation import say


def rules(page: Page, field: str, label: str) -> None:
    page.get_by_role("button", name="Rules of this talk").click()
    page.get_by_label(field).select_option(label=label)
    page.get_by_role("button", name="Save").click()


def test_a_newcomer_reads_the_rules_once(demo: dict[str, Any], browser: Browser) -> None:
    newcomer = Visit(browser, demo, "member4", viewport=PHONE)
    page = newcomer.page
    page.goto(f"/classes/{demo['group_sessions']['live']}")
    card = page.locator("[data-house-rules]")

    expect(card).to_contain_text("Be kind.")
    expect(page.get_by_role("textbox", name="Your message")).to_be_hidden()
    assert not newcomer.overflows()
    page.get_by_role("button", name="Questions").click()
    page.get_by_role("textbox", name="Your question to the instructor").fill("Is a mat enough for me?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-ask-note]")).to_contain_text("read the house rules")
    page.get_by_role("button", name="Talk", exact=True).click()
    card.get_by_role("button", name="Gladly").click()
    expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
    say(page, "I am new here")
    expect(page.locator("li.message:not(.pending)", has_text="I am new here")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    expect(card).to_be_hidden()
    assert newcomer.faults == []


def test_a_delayed_message_is_let_in_or_turned_away(demo: dict[str, Any], browser: Browser) -> None:
    session = demo["group_sessions"]["live"]
    studio, member = (
        Visit(browser, demo, "instructor", viewport=DESKTOP),
        Visit(browser, demo, "member", viewport=PHONE),
    )
    studio.page.goto(f"/studio/{session}")
    member.page.goto(f"/classes/{session}")
    rules(studio.page, "Look at messages first", "They appear after 30 seconds")
    expect(member.page.get_by_text("Messages appear after 30 seconds.")).to_be_visible()

    say(member.page, "Turn me away")
    expect(member.page.locator("li.held", has_text="Turn me away")).to_contain_text("appears in a few seconds")
    studio.page.locator("[data-held] summary", has_text="1 message waits for you").click()
    studio.page.get_by_role("button", name="Turn away").click()
    expect(member.page.locator("li.rejected")).to_contain_text("Not let in")
    say(member.page, "Let me in")
    studio.page.locator(".held-row", has_text="Let me in").get_by_role("button", name="Let in").click()
    expect(member.page.locator("li.message:not(.pending)", has_text="Let me in")).to_be_visible()
    expect(studio.page.locator("[data-held]")).to_be_hidden()
    rules(studio.page, "Look at messages first", "No, they appear at once")
    expect(member.page.get_by_text("Messages appear after")).to_be_hidden()
    assert studio.faults == member.faults == []


def test_from_a_report_to_its_answer(demo: dict[str, Any], browser: Browser) -> None:
    session = demo["group_sessions"]["live"]
    # Who came back into the club in another test is asked again.
    again = Caller(demo["base_url"], demo["accounts"]["member2"]["token"])
    again.must("POST", f"/api/clubs/{demo['clubs'][0]['id']}/house-rules/accept", json={"version": 1})
    rude, member = Visit(browser, demo, "member2", viewport=PHONE), Visit(browser, demo, "member", viewport=PHONE)
    rude.page.goto(f"/classes/{session}")
    member.page.goto(f"/classes/{session}")
    say(rude.page, "Nobody wants you here")

    row = member.page.locator("li.message", has_text="Nobody wants you here")
    row.get_by_role("button", name="Report the message of Finn Moreau").click()
    expect(member.page.get_by_label("What is wrong?")).to_be_visible()
    assert member.axe() == []
    member.faults.clear()  # axe's own styles are refused by our policy, and say so
    member.page.get_by_label("What is wrong?").select_option("mean")
    member.page.get_by_label("Tell us more").fill("Please look")
    member.page.get_by_role("button", name="Report", exact=True).click()
    expect(member.page.get_by_text("we tell you what came of it")).to_be_visible()

    keeper = Visit(browser, demo, "instructor", viewport=DESKTOP)
    keeper.page.goto("/notifications")
    keeper.page.get_by_role("link", name="A message was reported in").first.click()
    expect(keeper.page.locator(".reported")).to_contain_text("Nobody wants you here")
    keeper.page.get_by_role("button", name="I look at it").click()
    expect(keeper.page.get_by_role("button", name="Close the report")).to_be_visible()
    assert keeper.axe() == []
    keeper.faults.clear()
    keeper.page.get_by_label("Message deleted").check()
    keeper.page.get_by_role("button", name="Close the report").click()
    expect(keeper.page.get_by_text("Who reported it is told")).to_be_visible()
    expect(keeper.page.locator(".reported")).to_contain_text("Nobody wants you here")

    expect(member.page.locator("li.message", has_text="Nobody wants you here")).to_have_count(0)
    member.page.goto("/notifications")
    expect(member.page.get_by_text("They took the message away.")).to_be_visible()
    rude.page.goto("/notifications")
    expect(rude.page.get_by_text("reported")).to_have_count(0)
    assert keeper.faults == member.faults == rude.faults == []

"""Somebody new: signs up, confirms by mail, founds a club, and another newcomer comes in by invitation."""

import email
import re
from email import policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import PHONE, Visit
from tests.e2e.parts import until

PASSWORD = "a-long-walk-by-the-sea"


@pytest.fixture
def mail(stack: Any) -> Path:
    folder: Path = stack.stack.state / "mail"
    return folder


def link_in_mail(folder: Path, address: str, pattern: str) -> str | None:
    """The newest link like this in a mail to this address."""
    for path in sorted(folder.iterdir(), key=lambda found: found.stat().st_mtime, reverse=True):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        found = re.search(rf"https?://\S+{pattern}\S*", body.get_content() if body else "")
        if message["To"] == address and found:
            return found[0]
    return None


def sign_up(page: Page, mail: Path, address: str, name: str) -> None:
    page.fill("input[name=email]", address)
    page.fill("input[name=display_name]", name)
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(until(lambda: link_in_mail(mail, address, "/accounts/confirm-email/"), what="the mail"))
    page.get_by_role("button", name="Yes, confirm it").click()
    if "/login/" in page.url:
        page.fill("input[name=login]", address)
        page.fill("input[name=password]", PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Your menu")).to_be_attached()


def test_newcomers_found_a_club_and_meet_in_it(stack: Any, browser: Browser, mail: Path) -> None:
    founder = Visit(browser, stack.demo, viewport=PHONE, timezone_id="Asia/Tokyo")
    founder.page.goto("/accounts/signup/")
    sign_up(founder.page, mail, "hana@example.com", "Hana")
    founder.page.goto("/account/")
    assert founder.page.locator("select[name=time_zone]").input_value() == "Asia/Tokyo"

    founder.page.goto("/clubs/new")
    founder.page.fill("input[name=name]", "Dawn Runners")
    founder.page.select_option("select[name=join_policy]", "invitation")
    founder.page.get_by_role("button", name="Found the club").click()
    expect(founder.page.get_by_role("heading", name="Dawn Runners")).to_be_visible()
    club = founder.page.url
    founder.page.get_by_label("E-mail address").fill("ivo@example.com")
    founder.page.get_by_role("button", name="Send the invitation").click()
    expect(founder.page.get_by_text("on its way to ivo@example.com")).to_be_visible()

    invited = Visit(browser, stack.demo, viewport=PHONE)
    reply = invited.page.goto(club)
    assert reply is not None
    assert reply.status == 404
    way_in = until(lambda: link_in_mail(mail, "ivo@example.com", "/invitations/"), what="the invitation")
    invited.page.goto(way_in)
    invited.page.get_by_role("link", name="Create your account").click()
    sign_up(invited.page, mail, "ivo@example.com", "Ivo")
    invited.page.goto(way_in)
    invited.page.get_by_role("button", name="Accept the invitation").click()
    expect(invited.page.get_by_text("Welcome to Dawn Runners.")).to_be_visible()

    assert founder.faults == []
    assert invited.faults == []

"""The admin in a real Chromium: its pages render, and the content security policy stops nothing they need."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def faults() -> list[str]:
    """What Chromium complains about: refused by policy, not found, thrown."""
    return []


@pytest.fixture
def admin(stack: Any, browser: Browser, faults: list[str]) -> Page:
    """The owner's page, signed in by the site's own form on the way to the admin."""
    page = browser.new_context(base_url=stack.stack.public_url).new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda reply: faults.append(reply.url) if reply.status >= 400 else None)
    page.goto("/admin/")
    page.fill("input[name=login]", stack.demo["accounts"]["owner"]["email"])
    page.fill("input[name=password]", stack.demo["accounts"]["owner"]["password"])
    page.click("main button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


def test_pages_render_without_a_fault(stack: Any, admin: Page, faults: list[str]) -> None:
    club, session = stack.demo["clubs"][0]["id"], stack.demo["group_sessions"]["upcoming"]
    paths = [
        "/admin/",
        "/admin/clubs/club/",
        f"/admin/clubs/club/{club}/change/",
        "/admin/clubs/groupsession/",
        "/admin/clubs/groupsession/add/",
        f"/admin/clubs/groupsession/{session}/change/",
    ]
    for path in paths:
        admin.goto(path, wait_until="load")
        assert faults == [], path


def test_owner_schedules_a_class(stack: Any, admin: Page, faults: list[str]) -> None:
    title = "<script>alert(1)</script>"
    admin.goto("/admin/clubs/groupsession/add/")
    admin.fill("[name=title]", title)
    admin.select_option("[name=club]", label=stack.demo["clubs"][0]["name"])
    admin.fill("[name=starts_at_0]", (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%d"))
    admin.fill("[name=starts_at_1]", "18:00:00")
    admin.click("[name=_save]")
    admin.wait_for_url("**/admin/clubs/groupsession/")
    assert admin.get_by_role("link", name=title).count() >= 1
    assert faults == []

"""One class in browsers from the lobby to the thanks: instructor in the studio, member on the class page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fitfriends.core import clock
from tests.e2e.browsing import DESKTOP, PHONE, Visit
from tests.e2e.parts import Caller, broadcaster, until


@pytest.fixture
def session(demo: dict[str, Any]) -> Iterator[int]:
    """A class of Ben's that begins in a few minutes."""
    instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
    starts_at = clock.now() + timedelta(minutes=5)
    made = instructor.must(
        "POST",
        "/api/group-sessions",
        json={
            "club_id": demo["clubs"][0]["id"],
            "title": "Browser class",
            "starts_at": starts_at.isoformat(),
            "duration_minutes": 30,
        },
    )["group_session"]
    yield made["id"]
    instructor("POST", f"/api/group-sessions/{made['id']}/cancel")


def set_up_stream(page: Page, session: int) -> str:
    """In the studio: sets up the stream and returns the address to broadcast to."""
    page.goto(f"/studio/{session}")
    page.get_by_role("button", name="Set up the stream").click()
    expect(page.get_by_text("The stream is set up.")).to_be_visible()
    page.get_by_role("button", name="Show my stream key").click()
    expect(page.locator("#stream-key")).not_to_be_empty()
    return page.locator("[data-ingest-url]").inner_text()


def test_class_from_lobby_to_thanks(demo: dict[str, Any], browser: Browser, session: int) -> None:
    studio = Visit(browser, demo, "instructor", viewport=DESKTOP)
    member = Visit(browser, demo, "member", viewport=PHONE)
    member.page.goto(f"/classes/{session}")
    expect(member.page.get_by_text("Doors open in about")).to_be_visible()
    member.page.get_by_role("button", name="Save my seat").click()
    elsewhere = member.page.context.new_page()
    elsewhere.goto("/clubs")
    address = set_up_stream(studio.page, session)
    member.page.reload()
    expect(member.page.locator("[data-countdown]")).to_contain_text(":")

    with broadcaster(address):
        expect(studio.page.get_by_role("heading", name="Preview")).to_be_visible()
        until(studio.moves, what="the instructor's own picture")
        expect(member.page.get_by_text("Doors open in about")).to_be_visible()

        studio.page.get_by_role("button", name="Open the doors").click()
        expect(studio.page.get_by_role("heading", name="Live")).to_be_visible()
        until(member.moves, what="the member's picture")
        expect(elsewhere.get_by_role("status").get_by_text("Browser class is live")).to_be_visible()
        expect(member.page.locator("[data-live]")).to_be_visible()
        expect(studio.page.locator("dd[data-count]")).to_have_text("1")

        say(member.page, "I am <b>here</b>")
        expect(studio.page.get_by_text("I am <b>here</b>")).to_be_visible()
        say(studio.page, "Welcome")
        expect(member.page.get_by_text("Welcome", exact=True)).to_be_visible()
        studio.page.get_by_role("button", name="Keep order: the message of Cleo Martin").click()
        studio.page.get_by_role("button", name="Delete message").click()
        expect(member.page.get_by_text("Message deleted")).to_be_visible()

    expect(member.page.get_by_role("heading", name="Back in a moment")).to_be_visible()
    expect(studio.page.get_by_role("heading", name="Signal lost")).to_be_visible()
    late = Visit(browser, demo, "member2", viewport=PHONE)
    late.page.goto(f"/classes/{session}")
    expect(late.page.get_by_role("heading", name="Back in a moment")).to_be_visible()

    with broadcaster(address):
        expect(member.page.locator("[data-slate]")).to_be_hidden()
        seen = member.picture()["time"]
        until(lambda: member.moves(seen + 1), what="the picture's return without a reload")

        until(late.moves, what="the picture of somebody who came during the interruption")
        expect(late.page.locator("[data-slate]")).to_be_hidden()

        studio.page.get_by_role("button", name="End the class").click()
        studio.page.get_by_role("dialog").get_by_role("button", name="End the class").click()
        expect(member.page.get_by_role("heading", name="That was Browser class.")).to_be_visible()

    assert member.faults == []
    assert studio.faults == []


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox", name="Your message")
    box.fill(words)
    box.press("Enter")


def test_full_class_waits_for_a_seat(demo: dict[str, Any], browser: Browser, session: int) -> None:
    instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
    made = instructor.must(
        "POST",
        "/api/streaming/sessions",
        json={"group_session_id": session, "stream_title": "Full", "max_viewers": 1},
    )["streaming_session"]
    path = f"/api/streaming/sessions/{made['id']}"
    instructor.must("POST", f"{path}/start")
    first = Caller(demo["base_url"], demo["accounts"]["member2"]["token"])
    first.must("POST", f"{path}/join")

    page = Visit(browser, demo, "member", viewport=PHONE).page
    page.goto(f"/classes/{session}")
    expect(page.get_by_role("heading", name="Every seat is taken")).to_be_visible()

    first.must("POST", f"{path}/leave")
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("heading", name="The instructor is getting ready")).to_be_visible()
    instructor.must("POST", f"{path}/end")
    expect(page.get_by_role("heading", name="That was Browser class.")).to_be_visible()


def test_member_who_leaves_the_club_is_told_in_the_room(demo: dict[str, Any], browser: Browser) -> None:
    club = demo["clubs"][0]["id"]
    member2 = Caller(demo["base_url"], demo["accounts"]["member2"]["token"])
    visit = Visit(browser, demo, "member2", viewport=PHONE)
    visit.page.goto(f"/classes/{demo['group_sessions']['live']}")
    until(visit.moves, what="a picture")
    expect(visit.page.get_by_role("textbox", name="Your message")).to_be_visible()

    member2.must("POST", f"/api/clubs/{club}/leave")

    expect(visit.page.get_by_role("heading", name="You are no longer in this class")).to_be_visible()
    expect(visit.page.get_by_role("textbox", name="Your message")).to_be_hidden()
    _come_back(demo, member2, club)


def _come_back(demo: dict[str, Any], member: Caller, club: int) -> None:
    owner = Caller(demo["base_url"], demo["accounts"]["owner"]["token"])
    if not member("POST", f"/api/clubs/{club}/join").is_success:
        return
    for asked in owner.must("GET", f"/api/clubs/{club}/requests")["requests"]:
        owner("POST", f"/api/clubs/{club}/requests/{asked['id']}/accept")
    member.must("POST", f"/api/clubs/{club}/house-rules/accept", json={"version": 1})


def test_talk_survives_a_lost_line(demo: dict[str, Any], browser: Browser) -> None:
    visit = Visit(browser, demo, "member", viewport=PHONE)
    page = visit.page
    page.goto(f"/classes/{demo['group_sessions']['live']}")
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    until(visit.moves, what="a picture")

    page.context.set_offline(True)
    say(page, "Said while offline")
    owner = Visit(browser, demo, "owner", viewport=PHONE)
    owner.page.goto(f"/classes/{demo['group_sessions']['live']}")
    say(owner.page, "Did you miss this?")
    page.context.set_offline(False)

    expect(page.get_by_text("Did you miss this?")).to_be_visible(timeout=60_000)
    expect(owner.page.get_by_text("Said while offline")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Said while offline")).to_have_count(1)


def test_a_third_device_takes_the_place_of_the_first(demo: dict[str, Any], browser: Browser) -> None:
    visit = Visit(browser, demo, "member", viewport=PHONE)
    visit.page.goto(f"/classes/{demo['group_sessions']['live']}")
    until(visit.moves, what="a picture")
    app = Caller(demo["base_url"], demo["accounts"]["member"]["token"])
    path = f"/api/streaming/sessions/{demo['streams']['live']['id']}"

    for device in ("tablet", "television"):
        app.must("POST", f"{path}/join", json={"device": device})

    expect(visit.page.get_by_role("heading", name="You are watching on another device")).to_be_visible(timeout=10_000)
    visit.page.get_by_role("button", name="Watch here").click()
    expect(visit.page.locator("[data-slate]")).to_be_hidden(timeout=15_000)
    seen = visit.picture()["time"]
    until(lambda: visit.moves(seen + 1), what="the picture's return")
    refused = app("POST", f"{path}/renew", json={"device": "tablet"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stream:places")
    app.must("POST", f"{path}/leave")
    assert visit.faults == []

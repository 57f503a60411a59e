"""The talk while somebody reads back, pauses, or writes an emoji by its name: nothing moves that should not."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.e2e.browsing import DESKTOP, PHONE, Visit
from tests.e2e.conftest import Database
from tests.e2e.parts import Caller, until

FIRST = 1_000_000  # numbers that the room itself does not reach
PLACE = """() => {
  const log = document.querySelector("[data-scroll]");
  const top = log.getBoundingClientRect().top;
  const row = [...log.querySelectorAll("li[data-seq]")].find((one) => one.getBoundingClientRect().bottom > top + 1);
  return [row.querySelector(".text").textContent, Math.round(row.getBoundingClientRect().top)];
}"""
GAP = "log => Math.round(log.scrollHeight - log.scrollTop - log.clientHeight)"
SAY = """
import django; django.setup()
import sys
from accounts.models import User
from chat.domain import posting, rooms
from streaming.enums import ClassRole
room, author = rooms.find(sys.argv[1]), User.objects.get(email=sys.argv[2])
for number in range(int(sys.argv[3])):
    posting.post(room, author=author, role=ClassRole.INSTRUCTOR, text=f"Earlier {number}")
"""


class Room:
    """A member's class page, with a hand on its line: what the server says passes, and what a test says too."""

    def __init__(self, browser: Browser, demo: dict[str, Any], **kw: Any) -> None:
        self.visit = Visit(browser, demo, "member", **kw)
        self.page: Page = self.visit.page
        self.seq = FIRST
        self.lines: list[WebSocketRoute] = []
        self.page.route_web_socket(re.compile("/room/"), self._opened)
        self.page.goto(f"/classes/{demo['group_sessions']['live']}")
        expect(self.box).to_be_visible()
        expect(self.page.locator("[data-people] li").first).to_be_attached()  # the welcome is here, and the history

    @property
    def box(self) -> Any:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def rows(self) -> Any:
        return self.page.locator("[data-log] li[data-seq]")

    def _opened(self, line: WebSocketRoute) -> None:
        line.connect_to_server()
        self.lines.append(line)

    def said(self, *words: str, seq: int = 0) -> list[dict[str, Any]]:
        """Frames of somebody else; one number after the other, or this one."""
        made = []
        for text in words:
            self.seq += 1
            frame = {"type": "chat_message", "id": self.seq, "seq": seq or self.seq, "user_id": 0, "message": text}
            made.append(
                frame | {"username": "Dora", "role": "member", "timestamp": 0, "client_id": None, "deleted": False}
            )
        return made

    def arrives(self, frame: object) -> None:
        self.lines[-1].send(json.dumps(frame))

    def read_back(self) -> list[Any]:
        """Scrolls up to the middle; the row that is read, and where it stands."""
        self.page.locator("[data-scroll]").evaluate("log => log.scrollTo(0, log.scrollHeight / 2)")
        expect(self.page.locator("[data-scroll]")).to_be_visible()
        self.page.wait_for_function("() => document.querySelector('[data-scroll]').scrollTop > 0")
        return self.place()

    def place(self) -> list[Any]:
        found: list[Any] = self.page.evaluate(PLACE)
        return found

    def is_at_the_end(self) -> bool:
        return bool(self.page.locator("[data-scroll]").evaluate(GAP) <= 1)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def room(request: pytest.FixtureRequest, demo: dict[str, Any], browser: Browser) -> Room:
    return Room(browser, demo, viewport=request.param)


def test_nothing_moves_while_one_reads_back(room: Room) -> None:
    page = room.page
    room.arrives(room.said(*(f"Number {number}" for number in range(200))))
    expect(page.get_by_text("Number 199", exact=True)).to_be_visible()
    assert room.is_at_the_end()
    expect(page.locator("[data-spoken]")).to_have_text("200 new messages")
    expect(page.locator("[data-unread]")).to_be_hidden()

    before = room.read_back()
    late = room.said("Let in late", seq=FIRST + 1)
    room.arrives([*room.said("One more", "And another"), *late])
    expect(page.get_by_role("button", name="3 new messages")).to_be_visible()
    assert room.place() == before
    room.arrives({"type": "message_deleted", "id": FIRST + 3, "seq": room.seq + 1})
    assert room.place() == before
    line = page.locator(".chat-new + li")
    expect(line).to_contain_text("One more")

    page.get_by_role("button", name="3 new messages").click()
    expect(page.locator("[data-unread]")).to_be_hidden()
    until(room.is_at_the_end, what="the end")
    expect(page.locator("[data-scroll]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(room.box).to_be_focused()

    room.read_back()
    page.locator("[data-scroll]").focus()
    page.keyboard.press("End")
    until(room.is_at_the_end, what="the end by its key")
    room.arrives(room.said(*(f"Flood {number}" for number in range(450))))
    expect(page.get_by_text("Flood 449", exact=True)).to_be_visible()
    expect(room.rows).to_have_count(400)
    assert room.is_at_the_end()
    assert room.visit.faults == []


def test_a_pause_gathers_what_comes(room: Room) -> None:
    page = room.page
    room.arrives(room.said("Before"))
    expect(page.get_by_text("Before", exact=True)).to_be_visible()
    count = room.rows.count()
    page.get_by_role("button", name="Pause the talk").click()

    room.arrives(room.said(*(f"Meanwhile {number}" for number in range(12))))
    button = page.get_by_role("button", name="Paused. 12 new messages")
    expect(button).to_be_visible()
    expect(page.locator("[data-scroll]")).to_have_attribute("aria-live", "off")
    expect(room.rows).to_have_count(count)
    assert room.visit.axe() == []
    room.visit.faults.clear()  # axe's own styles are refused by our policy, and say so

    button.click()
    expect(page.get_by_text("Meanwhile 11", exact=True)).to_be_visible()
    expect(page.locator(".chat-new + li")).to_contain_text("Meanwhile 0")
    expect(page.locator("[data-scroll]")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("button", name="Pause the talk")).to_have_attribute("aria-pressed", "false")

    # Too much was missed: what comes replaces everything, also what waited.
    page.get_by_role("button", name="Pause the talk").click()
    room.arrives(room.said("Waits in vain"))
    expect(page.get_by_role("button", name="Paused. 1 new message")).to_be_visible()
    room.arrives({"type": "resynced", "events": room.said("A", "B", "C"), "seq": room.seq, "fresh": True})
    page.get_by_role("button", name=re.compile("^Paused")).click()
    expect(room.rows).to_have_count(3)
    assert room.visit.faults == []


def test_earlier_messages_come_when_one_scrolls_up(
    demo: dict[str, Any], browser: Browser, database: Database
) -> None:
    argv = [demo["streams"]["live"]["room_id"], demo["accounts"]["instructor"]["email"], "130"]
    environment = {**os.environ, "DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": "fitfriends.settings.test"}
    subprocess.run([sys.executable, "-c", SAY, *argv], env=environment, check=True, timeout=120)
    room = Room(browser, demo, viewport=PHONE)
    expect(room.page.get_by_text("Earlier 129", exact=True)).to_be_visible(timeout=40_000)
    room.page.reload()
    expect(room.rows).to_have_count(50)
    log = room.page.locator("[data-scroll]")

    row = log.get_by_text("Earlier 80", exact=True)
    log.evaluate("log => log.scrollTo(0, 10)")
    before = row.bounding_box()
    expect(room.rows).to_have_count(100)
    assert row.bounding_box() == before
    room.page.get_by_role("button", name="Earlier messages").click()
    expect(room.page.get_by_text("Earlier 0", exact=True)).to_be_attached()
    shown = room.page.locator("[data-log] .text", has_text=re.compile(r"^Earlier \d+$")).all_inner_texts()
    assert shown == [f"Earlier {number}" for number in range(130)]
    assert room.visit.faults == []


def test_a_message_carries_the_moment_that_is_seen(demo: dict[str, Any], browser: Browser) -> None:
    room = Room(browser, demo, viewport=PHONE)
    member = Caller(demo["base_url"], demo["accounts"]["member"]["token"])
    until(room.visit.moves, what="a picture")

    def said(words: str) -> dict[str, Any]:
        room.box.fill(words)
        room.box.press("Enter")
        expect(room.page.locator("li.message:not(.pending)", has_text=words)).to_be_visible()
        path = f"/api/chat/rooms/{demo['streams']['live']['room_id']}/messages?limit=1"
        (message,) = member.must("GET", path)["messages"]
        assert message["message"] == words
        return dict(message)

    seen = said("At this moment")
    assert 0 < seen["timestamp"] - seen["media_time"] < 30_000
    room.page.locator("video").evaluate("video => video.pause()")
    assert said("Standing still")["media_time"] is None
    assert room.visit.faults == []


def test_emoji_by_their_names(room: Room) -> None:
    page, box = room.page, room.box
    box.press_sequentially("Well done :fire:")
    expect(box).to_have_value("Well done 🔥")

    box.press_sequentially(" :mus")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("muscle")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert room.visit.axe() == []
    room.visit.faults.clear()
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    box.press("Enter")
    expect(box).to_have_value("Well done 🔥 💪 ")
    expect(options).to_have_count(0)

    box.press_sequentially(":clap")
    options.first.click()
    expect(box).to_have_value("Well done 🔥 💪 👏 ")
    box.press_sequentially("at 10:30 :sm")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("All :heart: and :nonsense:")
    box.press("Enter")
    expect(page.get_by_text("All ❤️ and :nonsense:").last).to_be_visible()
    assert not room.visit.overflows()
    assert room.visit.faults == []

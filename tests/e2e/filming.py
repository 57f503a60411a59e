"""A browser with a camera and a microphone that Chromium draws and hums itself; a test grants them or does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import DESKTOP, NARROW, PHONE, SIDEWAYS, Visit
from tests.e2e.conftest import CHROMIUM, Driver
from tests.e2e.parts import Caller
from tests.services import child

DEVICES = ["camera", "microphone"]
# Some cameras, so that there is another one to change to; a tab to share without being asked which.
_FAKE = [
    "--use-fake-device-for-media-stream=device-count=3",
    "--auto-select-tab-capture-source-by-title=FitFriendsClubs",
]


@pytest.fixture(scope="module")
def studio_browser(driver: Driver) -> Iterator[Browser]:
    """Beside the ordinary one, which has no devices at all and has to be there too (fixture `browser`)."""
    with driver.active() as ordinary:
        browser = ordinary.browser_type.launch(executable_path=child.program("chromium"), args=[*CHROMIUM, *_FAKE])
    yield browser
    with driver.active():
        browser.close()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A class of the instructor's own with its stream."""

    session_id: int
    stream_id: int
    rtmp_url: str
    instructor: Caller

    @property
    def page(self) -> str:
        return f"/studio/{self.session_id}/camera"

    @property
    def state(self) -> str:
        reply = self.instructor.must("GET", f"/api/streaming/sessions/{self.stream_id}/state")
        return str(reply["stream"]["state"])

    def happened(self) -> list[str]:
        """What the class's log says, the oldest first."""
        reply = self.instructor.must("GET", f"/api/streaming/sessions/{self.stream_id}/events")
        return [moment["kind"] for moment in reversed(reply["events"])]

    def act(self, name: str) -> None:
        """start, end, cancel; refusals are passed over."""
        self.instructor("POST", f"/api/streaming/sessions/{self.stream_id}/{name}")


@pytest.fixture
def lesson(demo: dict[str, Any]) -> Iterator[Lesson]:
    """It begins in ten minutes and is over after the test."""
    instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
    starts_at = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    about = {"club_id": demo["clubs"][0]["id"], "title": "Core and balance", "starts_at": starts_at}
    session = instructor.must("POST", "/api/group-sessions", json={**about, "duration_minutes": 45})
    session_id = session["group_session"]["id"]
    stream = {"group_session_id": session_id, "stream_title": "Core and balance"}
    made = instructor.must("POST", "/api/streaming/sessions", json=stream)
    found = Lesson(session_id, made["streaming_session"]["id"], made["stream_config"]["rtmp_url"], instructor)
    yield found
    found.act("end")
    found.act("cancel")


class Filming(Visit):
    """The instructor on the camera page of a class."""

    def __init__(self, browser: Browser, demo: dict[str, Any], *, granted: bool = True, **kw: Any) -> None:
        super().__init__(browser, demo, "instructor", permissions=DEVICES if granted else [], **kw)

    def open(self, lesson: Lesson) -> Page:
        self.page.goto(lesson.page)
        return self.page

    def problems(self) -> list[str]:
        """Of the part that is there: scripts, axe, and what does not fit."""
        found = [*self.faults, *self.axe()]
        self.faults.clear()  # axe itself writes style elements, which the policy stops
        for size in (NARROW, PHONE, SIDEWAYS, DESKTOP):
            self.page.set_viewport_size(size)
            found += [f"too wide at {size['width']}"] if self.overflows() else []
        return found

    @property
    def view(self) -> str:
        """Which part of the page is there."""
        return str(self.page.locator("[data-view]:not([hidden])").get_attribute("data-view"))

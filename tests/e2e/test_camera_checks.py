"""Before the class: what the camera page finds out, what it says, and its help when something is in the way."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import PHONE
from tests.e2e.filming import DEVICES, Filming, Lesson, lesson, studio_browser
from tests.e2e.parts import until

__all__ = ["lesson", "studio_browser"]

_TAKEN = """navigator.mediaDevices.getUserMedia =
  () => Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))"""
_INSECURE = "Object.defineProperty(globalThis, 'isSecureContext', { value: false })"
TROUBLES = {"taken": _TAKEN, "insecure": _INSECURE, "unsupported": "delete globalThis.RTCPeerConnection"}


def test_checks_look_listen_and_measure(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo, viewport=PHONE, reduced_motion="reduce")
    page = filming.open(lesson)

    expect(page.locator("[data-check=picture]")).to_contain_text("1280x720,")
    expect(page.locator("[data-check=light]")).to_contain_text("We see you well.")
    expect(page.locator("[data-check=sound]")).to_contain_text("Too loud")  # it beeps at full scale
    expect(page.locator("[data-check=upload]")).to_contain_text("bit/s")
    expect(page.locator("[data-check=codec]")).to_contain_text("H.264")
    expect(page.locator("[data-summary]")).to_contain_text("sound")
    assert filming.problems() == []


def test_choices_are_remembered(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo)
    page = filming.open(lesson)
    camera = page.locator("[data-choose=cameraId]")
    expect(camera.locator("option")).to_have_count(3)
    first = camera.input_value()

    page.locator("input[value=music]").check()
    page.get_by_role("button", name="Front or back").click()
    expect(camera).not_to_have_value(first)
    second = camera.input_value()
    expect(page.locator("[data-check=sound]")).to_contain_text("Too loud")
    page.reload()

    expect(page.locator("input[value=music]")).to_be_checked()
    expect(camera).to_have_value(second)
    assert filming.faults == []


def test_denial_has_its_help_and_goes_on_when_allowed(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo, granted=False, viewport=PHONE, reduced_motion="reduce")
    page = filming.open(lesson)
    assert filming.view == "welcome"
    assert filming.problems() == []

    page.locator("[data-begin]").click()
    expect(page.get_by_role("heading", name="does not let us see you")).to_be_focused()
    assert filming.problems() == []

    page.context.grant_permissions(DEVICES)
    expect(page.get_by_role("heading", name="How you look and sound")).to_be_visible()


def test_device_without_a_camera_has_its_help(demo: dict[str, Any], browser: Browser, lesson: Lesson) -> None:
    filming = Filming(browser, demo, viewport=PHONE, reduced_motion="reduce")
    page = filming.open(lesson)

    expect(page.get_by_role("heading", name="We found no camera")).to_be_visible()
    assert filming.problems() == []


@pytest.mark.parametrize("view", TROUBLES)
def test_every_other_trouble_has_its_help(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson, view: str
) -> None:
    filming = Filming(studio_browser, demo)
    filming.page.add_init_script(TROUBLES[view])
    filming.open(lesson)

    until(lambda: filming.view == view, what=view)
    assert filming.page.locator(f"[data-view={view}] a.button").count() == 1
    assert filming.problems() == []

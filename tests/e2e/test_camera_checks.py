"""Before the class: what the camera page finds out, what it says, and its help when something is in the way."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import PHONE, serve_sources
from tests.e2e.filming import DEVICES, Filming, Lesson, lesson, studio_browser
from tests.e2e.parts import until

__all__ = ["lesson", "studio_browser"]

_TAKEN = """navigator.mediaDevices.getUserMedia =
  () => Promise.reject(new DOMException('Could not start video source', 'NotReadableError'))"""
_INSECURE = "Object.defineProperty(globalThis, 'isSecureContext', { value: false })"
TROUBLES = {"taken": _TAKEN, "insecure": _INSECURE, "unsupported": "delete globalThis.RTCPeerConnection"}

WORDS = """async () => {
  const {picture, light, sound, upload, codec, summary} = await import('/sources/js/camera/checks.js');
  const heard = {awake: true, loudest: -20, seconds: 9, music: false};
  return [
    picture({width: 720, height: 1280, fps: 30}), picture({width: 1280, height: 720, fps: 0}),
    light({mean: 5, spread: 1}), light({mean: 40, spread: 30}), light({mean: 230, spread: 20}),
    sound({...heard, loudest: -90}), sound({...heard, loudest: 0}), sound({...heard, loudest: -45}),
    upload({bits: 6e5, slower: true}), upload({bits: 2e6}), codec({h264: false, vp8: false, opus: true}),
  ].map(({look, words}) => `${look}: ${words.split(/[.:,]/)[0]}`);
}"""

OPUS = r"""async () => {
  const {withOpus} = await import('/sources/js/webrtc/sdp-edits.js');
  const sdp = (line) => `m=audio 9 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n${line}a=rtpmap:0 PCMU/8000\r\n`;
  const found = (text) => text.split('\r\n').filter((line) => line.startsWith('a=fmtp'));
  return [
    found(withOpus(sdp('a=fmtp:111 minptime=10;useinbandfec=1\r\n'), {music: true})),
    found(withOpus(sdp(''), {music: false, most: 48000})),
    withOpus('m=audio 9 RTP/AVP 0', {music: true}),
  ];
}"""


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


def test_each_trouble_has_its_words(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo, granted=False)
    serve_sources(filming.page)

    assert filming.open(lesson).evaluate(WORDS) == [
        "warn: Upright",
        "bad: Your picture stands still",
        "bad: We see only black",
        "warn: Too dark to see you move",
        "warn: Too bright",
        "bad: We hear nothing",
        "warn: Too loud",
        "warn: Very quiet",
        "bad: Less than 600 kbit/s",
        "warn: 2",
        "bad: This browser cannot make a picture or a sound that we can pass on",
    ]


def test_music_is_asked_for_in_stereo(
    demo: dict[str, Any], browser: Browser, studio_browser: Browser, lesson: Lesson
) -> None:
    filming = Filming(studio_browser, demo, granted=False)
    serve_sources(filming.page)

    assert filming.open(lesson).evaluate(OPUS) == [
        ["a=fmtp:111 minptime=10;useinbandfec=1;maxaveragebitrate=160000;usedtx=0;stereo=1;sprop-stereo=1"],
        ["a=fmtp:111 maxaveragebitrate=48000;usedtx=0;useinbandfec=1;stereo=0"],
        "m=audio 9 RTP/AVP 0",
    ]

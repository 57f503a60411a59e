"""A browser follows a class part by part and over a discontinuity. How fast is the benchmarks' business."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from fitfriends.core import clock
from tests.e2e.browsing import Visit
from tests.e2e.parts import QUICK, Caller, broadcaster, playable, playlist, until

_BLOCKING = re.compile(r"/playlist\.m3u8\?_HLS_msn=\d+&_HLS_part=\d+(&_HLS_skip=YES)?$")
_PART = re.compile(r"/part-\d+\.\d+\.m4s$")


@pytest.fixture
def instructor(demo: dict[str, Any]) -> Caller:
    return Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])


@pytest.fixture
def started(demo: dict[str, Any], instructor: Caller) -> Iterator[dict[str, Any]]:
    """A class of its own whose doors are open and whose signal is yet to come; ended afterwards."""
    planned = {
        "club_id": demo["clubs"][0]["id"],
        "title": "Parts",
        "starts_at": (clock.now() + timedelta(minutes=5)).isoformat(),
    }
    session = instructor.must("POST", "/api/group-sessions", json=planned)["group_session"]["id"]
    asked = {"group_session_id": session, "stream_title": "Parts", "max_viewers": 5}
    reply = instructor.must("POST", "/api/streaming/sessions", json=asked) | {"class": session}
    path = f"/api/streaming/sessions/{reply['streaming_session']['id']}"
    instructor.must("POST", f"{path}/start")
    yield reply
    instructor("POST", f"{path}/end")


def test_browser_follows_parts_over_a_discontinuity(
    demo: dict[str, Any], browser: Browser, started: dict[str, Any]
) -> None:
    address = started["stream_config"]["rtmp_url"]
    visit = Visit(browser, demo, "member")
    answered: list[tuple[str, int]] = []
    visit.page.on("response", lambda reply: answered.append((reply.url, reply.status)))
    visit.page.goto(f"/classes/{started['class']}")
    expect(visit.page.get_by_role("heading", name="The instructor is getting ready")).to_be_visible()

    with broadcaster(address):
        until(lambda: visit.moves(2), what="a moving picture")
    assert any(_BLOCKING.search(url) and status == 200 for url, status in answered)
    assert any(_PART.search(url) and status == 200 for url, status in answered)

    expect(visit.page.get_by_role("heading", name="Back in a moment")).to_be_visible()
    before = visit.picture()["time"]
    answered.clear()
    with broadcaster(address):
        until(lambda: visit.moves(before + 3), what="a picture behind the discontinuity")
        expect(visit.page.get_by_role("heading", name="Back in a moment")).to_be_hidden()
        media = until(lambda: _media_playlist(demo, started), what="a playlist")
        assert media.count("#EXT-X-DISCONTINUITY\n") == 1
    assert any(_PART.search(url) and status == 200 for url, status in answered)
    visit.page.get_by_role("button", name="Delay").click()
    assert visit.faults == []


def _media_playlist(demo: dict[str, Any], started: dict[str, Any]) -> str | None:
    member = Caller(demo["base_url"], demo["accounts"]["member2"]["token"])
    path = f"/api/streaming/sessions/{started['streaming_session']['id']}"
    media = playable(member.must("POST", f"{path}/join")["stream_urls"]["hls_url"])
    return media[0].text if media else None


def test_bare_player_is_held_and_refused_by_the_real_stack(
    demo: dict[str, Any], instructor: Caller, started: dict[str, Any]
) -> None:
    path = f"/api/streaming/sessions/{started['streaming_session']['id']}"
    member = Caller(demo["base_url"], demo["accounts"]["member"]["token"])
    url = member.must("POST", f"{path}/join")["stream_urls"]["hls_url"]
    with broadcaster(started["stream_config"]["rtmp_url"]):
        media = until(lambda: playable(url), what="a playlist")[0]
        reports = re.findall(r"RENDITION-REPORT:URI=\"[^\"]+\",LAST-MSN=(\d+),LAST-PART=(\d+)", media.text)
        assert len(reports) == len(playlist(url).uris) - 1
        ahead = media.media_sequence + media.text.count("#EXTINF") + 1
        wanted = httpx.get(f"{media.url}?_HLS_msn={ahead}&_HLS_part=0", timeout=QUICK)
        assert wanted.status_code == 200
        assert httpx.get(f"{media.url}?_HLS_msn={ahead + 1000}", timeout=QUICK).status_code == 400
        assert httpx.get(f"{media.url}?_HLS_part=0", timeout=QUICK).status_code == 400

"""The first class goes live, from a key to a picture in a browser, on the real processes."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browsing import PHONE, Visit
from tests.e2e.parts import Caller, Talk, broadcaster, close_code_of, playable, playlist, until, without_token

MOVING = "() => { const v = document.querySelector('video'); return v && v.readyState >= 2 && v.currentTime }"


def caller(demo: dict[str, Any], name: str) -> Caller:
    return Caller(demo["base_url"], demo["accounts"][name]["token"])


@pytest.fixture
def created(demo: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A stream of the upcoming class, created by its instructor over the API; ended afterwards."""
    instructor = caller(demo, "instructor")
    reply = instructor.must(
        "POST",
        "/api/streaming/sessions",
        json={"group_session_id": demo["group_sessions"]["upcoming"], "stream_title": "Sunrise", "max_viewers": 5},
    )
    yield reply
    instructor("POST", f"/api/streaming/sessions/{reply['streaming_session']['id']}/end")
    instructor("POST", f"/api/streaming/sessions/{reply['streaming_session']['id']}/cancel")


def test_live_class_of_the_demo_moves_in_the_browser(demo: dict[str, Any], browser: Browser) -> None:
    page = Visit(browser, demo, "member", viewport=PHONE).page
    page.goto(f"/classes/{demo['group_sessions']['live']}")
    # Not wait_for_function: it evaluates text in the page, which our policy forbids.
    until(lambda: page.evaluate(MOVING), what="a picture")

    before = page.evaluate(MOVING)
    until(lambda: page.evaluate(MOVING) > before + 1.5, what="a moving picture")

    frames = page.evaluate("() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames")
    assert frames > 20
    page.context.close()


def test_from_key_to_picture_and_end(demo: dict[str, Any], created: dict[str, Any]) -> None:
    session = created["streaming_session"]
    path = f"/api/streaming/sessions/{session['id']}"
    instructor, member = caller(demo, "instructor"), caller(demo, "member")
    assert member("POST", f"{path}/join").json()["error"]["code"] == "stream:state:not-started"

    with broadcaster(created["stream_config"]["rtmp_url"]):
        begun = time.monotonic()
        until(lambda: state(instructor, path) == "preview", what="preview")
        preview = instructor.must("POST", f"{path}/join")["stream_urls"]["hls_url"]
        until(lambda: playable(preview), what="a playable preview")
        print(f"publish to playable: {time.monotonic() - begun:.2f} s")
        assert member("POST", f"{path}/join").status_code == 409

        instructor.must("POST", f"{path}/start")
        until(lambda: state(instructor, path) == "live", what="live")
        joined = member.must("POST", f"{path}/join")
        urls = joined["stream_urls"]
        assert {"hls_url", "webrtc_url", "chat_url"} <= set(urls)
        media = until(lambda: playable(urls["hls_url"]), what="a playable class")
        assert len(media) == 2

        with Talk(urls["chat_url"]) as hers:
            assert hers.next("welcome")["stream"]["state"] == "live"
            his_token = instructor.must(
                "POST", "/api/streaming/token", json={"room_id": session["room_id"], "role": "viewer"}
            )
            with Talk(his_token["chat_url"]) as his:
                his.next("welcome")
                his.send(type="chat_message", message="Welcome!")
                assert hers.next("chat_message")["username"] == "Ben Okafor"
                hers.send(type="chat_message", message="<b>Hi</b>", user_id=1, timestamp=5)
                heard = his.next("chat_message", message="<b>Hi</b>")
                assert heard["username"] == "Cleo Martin"
                assert heard["timestamp"] > 1_700_000_000_000
                assert member.must("GET", f"{path}/state")["viewer_count"] == 1

                instructor.must("POST", f"{path}/end")
                assert hers.next("stream_state")["stream"]["state"] == "ended"

        until(lambda: playlist(urls["hls_url"]).status == 403, what="the picture's end")
        assert instructor("POST", f"{path}/start").json()["error"]["code"] == "stream:state:ended"


def test_signal_that_returns_continues_the_same_playlist(demo: dict[str, Any], created: dict[str, Any]) -> None:
    path = f"/api/streaming/sessions/{created['streaming_session']['id']}"
    instructor, member = caller(demo, "instructor"), caller(demo, "member")
    instructor.must("POST", f"{path}/start")
    with broadcaster(created["stream_config"]["rtmp_url"]):
        until(lambda: state(member, path) == "live", what="live")
        url = member.must("POST", f"{path}/join")["stream_urls"]["hls_url"]
        first = until(lambda: playable(url), what="a picture")[0]

    until(lambda: state(member, path) == "interrupted", what="the interruption")
    with broadcaster(created["stream_config"]["rtmp_url"]):
        until(lambda: state(member, path) == "live", what="the return")
        again = until(lambda: _with_discontinuity(url), what="a discontinuity in the playlist")

    assert again.media_sequence >= first.media_sequence
    assert len(again.uris) == len(set(again.uris))


def _with_discontinuity(url: str) -> Any:
    media = playable(url)
    return media[0] if media and "#EXT-X-DISCONTINUITY\n" in media[0].text else None


def test_removed_member_loses_picture_and_talk_within_seconds(demo: dict[str, Any]) -> None:
    room = demo["streams"]["live"]["id"]
    member2, club = caller(demo, "member2"), demo["clubs"][0]["id"]
    urls = member2.must("POST", f"/api/streaming/sessions/{room}/join")["stream_urls"]
    until(lambda: playable(urls["hls_url"]), what="a picture")

    with Talk(urls["chat_url"]) as talk:
        talk.next("welcome")
        member2.must("POST", f"/api/clubs/{club}/leave")
        gone = time.monotonic()
        assert talk.close_code() == 4403

    until(lambda: playlist(urls["hls_url"]).status == 403, what="the picture's end")
    print(f"picture gone after {time.monotonic() - gone:.2f} s")
    assert close_code_of(urls["chat_url"]) in {4401, 4403}
    assert member2("POST", f"/api/streaming/sessions/{room}/join").status_code == 404

    member2.must("POST", f"/api/clubs/{club}/join")
    owner = caller(demo, "owner")
    request = owner.must("GET", f"/api/clubs/{club}/requests")["requests"][0]
    owner.must("POST", f"/api/clubs/{club}/requests/{request['id']}/accept")
    again = member2.must("POST", f"/api/streaming/sessions/{room}/join")["stream_urls"]["hls_url"]
    until(lambda: playable(again), what="a picture after coming back")


def test_picture_needs_a_token_of_this_room(demo: dict[str, Any], created: dict[str, Any]) -> None:
    live = demo["streams"]["live"]
    url = caller(demo, "member").must("POST", f"/api/streaming/sessions/{live['id']}/join")["stream_urls"]["hls_url"]
    segment = until(lambda: playable(url), what="a picture")[0].uris[-1]
    token = url.split("token=")[1]
    other_room = created["streaming_session"]["room_id"]
    forged = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")

    for refused in (
        without_token(url),
        url.replace(live["room_id"], other_room),
        url.replace(token, forged),
        segment.replace(token, forged),
        segment.replace(live["room_id"], other_room),
        segment.replace(token + "/", ""),
    ):
        reply = httpx.get(refused)
        assert reply.status_code in {403, 404}, refused
        assert "EXTM3U" not in reply.text

    for path in ("/hls/", f"/hls/{live['room_id']}/", f"/hls/{live['room_id']}/%2e%2e/%2e%2e/demo.json"):
        assert httpx.get(demo["base_url"] + path).status_code in {400, 403, 404}
    for hidden in ("/hooks/rtmp/publish", "/_verdict", f"/hls/{live['room_id']}/{token}/../../../demo.json"):
        assert httpx.get(demo["base_url"] + hidden).status_code in {400, 403, 404}


def test_unknown_key_is_refused_by_the_ingest(demo: dict[str, Any]) -> None:
    with broadcaster(f"{demo['rtmp_url']}/aaaaaa-bbbbbb-cccccc-dddddd") as process:
        assert process.wait(timeout=15) != 0


def test_talk_between_two_browsers(demo: dict[str, Any], browser: Browser) -> None:
    words = "Good morning <img src=x onerror=alert(1)>"
    hers, his = (Visit(browser, demo, name) for name in ("member", "instructor"))
    for visit in (hers, his):
        visit.page.goto(f"/classes/{demo['group_sessions']['live']}")
    for visit in (hers, his):
        expect(visit.page.get_by_role("textbox", name="Message")).to_be_enabled()

    box = hers.page.get_by_role("textbox", name="Message")
    box.fill(words)
    box.press("Enter")

    expect(his.page.get_by_text(words)).to_be_visible()
    assert (hers.faults, his.faults) == ([], [])


def test_a_page_mends_what_got_lost_on_its_way(demo: dict[str, Any], browser: Browser) -> None:
    page = Visit(browser, demo, "member").page
    lost: list[str] = []

    def once(route: Route) -> None:
        """The page's script breaks off, the first request for a seat is never answered."""
        if route.request.url in lost:
            route.continue_()
            return
        lost.append(route.request.url)
        if route.request.url.endswith(".js"):
            route.abort("connectionreset")

    page.route("**/js/pages/class-page-*.js", once)
    page.route("**/join", once)
    page.goto(f"/classes/{demo['group_sessions']['live']}")
    page.get_by_role("link", name="Load it again").click()

    expect(page.get_by_role("textbox", name="Message")).to_be_enabled()
    expect(page.get_by_role("link", name="Load it again")).to_have_count(0)
    assert len(lost) == 2


def test_a_player_that_got_lost_says_so(demo: dict[str, Any], browser: Browser) -> None:
    page = Visit(browser, demo, "member").page
    page.route("**/hls.light.min-*.js", lambda route: route.abort("connectionreset"))
    page.goto(f"/classes/{demo['group_sessions']['live']}")

    expect(page.get_by_text("The player got lost on its way")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_be_enabled()


def state(who: Caller, path: str) -> str:
    return str(who.must("GET", f"{path}/state")["stream"]["state"])

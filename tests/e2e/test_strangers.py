"""Sockets and pictures, asked for by everybody who may not have them, on the real processes."""

from typing import Any

import httpx
import pytest

from tests.e2e.parts import Caller, Talk, close_code_of, playable, until, without_token

OUTSIDERS = ("nobody", "stranger", "instructor2")
INSIDERS = ("member", "instructor", "owner")


def caller(demo: dict[str, Any], who: str) -> Caller:
    return Caller(demo["base_url"], "" if who == "nobody" else demo["accounts"][who]["token"])


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsider_gets_no_token_no_page_and_no_talk(demo: dict[str, Any], who: str) -> None:
    live, ask = demo["streams"]["live"], caller(demo, who)
    status = 401 if who == "nobody" else 404

    assert ask("POST", f"/api/streaming/sessions/{live['id']}/join").status_code == status
    assert ask("POST", "/api/streaming/token", json={"room_id": live["room_id"]}).status_code == status
    assert ask("GET", f"/api/chat/rooms/{live['room_id']}/messages").status_code == status
    page = httpx.get(f"{demo['base_url']}/classes/{demo['group_sessions']['live']}", follow_redirects=True)
    assert "Move With the Clock" not in page.text
    assert live["room_id"] not in page.text


@pytest.mark.parametrize("who", INSIDERS)
def test_insider_gets_the_picture_and_the_talk(demo: dict[str, Any], who: str) -> None:
    urls = caller(demo, who).must("POST", f"/api/streaming/sessions/{demo['streams']['live']['id']}/join")[
        "stream_urls"
    ]

    assert until(lambda: playable(urls["hls_url"]), what="a picture")
    with Talk(urls["chat_url"]) as talk:
        assert talk.next("welcome")["room_id"] == demo["streams"]["live"]["room_id"]


def test_socket_of_a_room_takes_only_its_own_tokens(demo: dict[str, Any]) -> None:
    """None, garbage, a playback token, another room's path, an unknown room."""
    live = demo["streams"]["live"]
    urls = caller(demo, "member").must("POST", f"/api/streaming/sessions/{live['id']}/join")["stream_urls"]
    address, good = without_token(urls["chat_url"]), urls["chat_url"].partition("token=")[2]
    playback = urls["hls_url"].partition("token=")[2]

    assert close_code_of(address) == 4401
    assert close_code_of(f"{address}?token=garbage") == 4401
    assert close_code_of(f"{address}?token={'a' * 2000}") == 4401
    assert close_code_of(f"{address}?token={playback}") == 4401
    elsewhere = address.replace(live["room_id"], "room-00000000000000000000")
    assert close_code_of(f"{elsewhere}?token={good}") in {4401, 4404}

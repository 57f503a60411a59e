"""docs/examples/chat_client.js in a browser, against the running stack."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.e2e.parts import Caller, Talk, until

CLIENT = (Path(__file__).parents[2] / "docs/examples/chat_client.js").read_text()
NOT_UNDERSTOOD = "The server does not understand this client."
SHOWN = "[...talk.messages.values()].slice(-3).map(({message, deleted}) => deleted ? '-' : message)"


def shows(page: Page, *words: str) -> None:
    until(lambda: page.evaluate(SHOWN) == list(words), what=" ".join(words))


def test_it_says_once_and_misses_nothing(demo: dict[str, Any], browser: Browser) -> None:
    live = f"/api/streaming/sessions/{demo['streams']['live']['id']}/join"
    member, owner = [Caller(demo["base_url"], demo["accounts"][name]["token"]) for name in ("member2", "owner")]
    address = member.must("POST", live)["stream_urls"]["chat_url"]
    page = browser.new_page()
    page.add_script_tag(
        type="module",
        content=f"{CLIENT}\nwindow.talk = new Talk('{address}');"
        "talk.addEventListener('end', ({ detail }) => { window.ended = detail; });",
    )
    until(lambda: page.evaluate("window.talk?.seq >= 0 && talk.socket.readyState === 1"), what="an open socket")

    with Talk(owner.must("POST", live)["stream_urls"]["chat_url"]) as other:
        page.evaluate("talk.say('Hello from a script')")
        other.next("chat_message", message="Hello from a script")
        other.send(type="chat_message", message="Hello, script")
        said = other.next("chat_message", message="Hello, script")
        until(lambda: page.evaluate(SHOWN)[-2:] == ["Hello from a script", "Hello, script"], what="both")

        # A line that is cut: what happens meanwhile is missed, what is said meanwhile waits.
        page.evaluate("talk.socket.close(); talk.say('Said while away')")
        other.send(type="delete_message", id=said["id"])
        other.next("message_deleted", id=said["id"])
        other.next("chat_message", message="Said while away")
        shows(page, "Hello from a script", "-", "Said while away")
        assert page.evaluate("talk.unsent.size") == 0

        page.evaluate("talk.send({type: 'nonsense'}, ...Array(11).fill({type: 'nonsense'}))")
        assert until(lambda: page.evaluate("window.ended"), what="the end") == NOT_UNDERSTOOD

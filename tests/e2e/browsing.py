"""What browser tests of the site share: signing in, what the picture does, and what axe finds."""

from pathlib import Path
from typing import Any

from playwright._impl._api_structures import Cookie, SetCookieParam
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, ViewportSize

AXE = (Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js").read_text()
NARROW: ViewportSize = {"width": 320, "height": 640}  # also a wide page at a zoom of 400 %
PHONE: ViewportSize = {"width": 390, "height": 844}
SIDEWAYS: ViewportSize = {"width": 844, "height": 390}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}

# What Chromium itself says about a line that is down; that is no fault of the page.
_LINE_FAULTS = ("Failed to load resource", "WebSocket connection to")

# Nobody here signs out: a session stands as long as the stack of its address.
_sessions: dict[tuple[str, str], list[SetCookieParam]] = {}


def _plain(cookie: Cookie) -> SetCookieParam:
    return {"name": cookie["name"], "value": cookie["value"], "domain": cookie["domain"], "path": cookie["path"]}


PICTURE = """() => {
  const video = document.querySelector('video');
  return {time: video.currentTime, width: video.videoWidth, paused: video.paused, ready: video.readyState};
}"""


class Visit:
    """One person's page, which remembers what went wrong in it."""

    def __init__(self, browser: Browser, demo: dict[str, Any], name: str = "", **kw: Any) -> None:
        self.page: Page = browser.new_context(base_url=demo["base_url"], **kw).new_page()
        self.faults: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", self._asked)
        if name:
            self._sign_in(demo["base_url"], demo["accounts"][name])

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_LINE_FAULTS):
            self.faults.append(message.text)

    def _asked(self, dialog: Dialog) -> None:
        """A page on air asks before it is left; nothing else may ask."""
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            self.faults.append(f"a script ran: {dialog.message}")

    def _sign_in(self, base_url: str, account: dict[str, str]) -> None:
        """By the form once, then with that session: two pages and a slow hash at every visit made minutes."""
        known = _sessions.get((base_url, account["email"]))
        if known:
            self.page.context.add_cookies(known)
            return
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=login]", account["email"])
        self.page.fill("input[name=password]", account["password"])
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)
        _sessions[base_url, account["email"]] = [_plain(cookie) for cookie in self.page.context.cookies()]

    def picture(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(PICTURE)
        return found

    def moves(self, beyond: float = 0) -> bool:
        """The picture is past this second. Asked from outside: our policy lets no text be evaluated in the page."""
        return bool(self.picture()["time"] > beyond)

    def overflows(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def axe(self) -> list[str]:
        """What axe-core objects to, one line each."""
        self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(
            """async () => (await axe.run()).violations.flatMap(
                 ({id, nodes}) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))"""
        )
        return found

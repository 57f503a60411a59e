"""How pages arrive on a phone's line, in Chromium from an empty cache: requests, bytes, round trips, first picture.

    python -m benchmarks.page [--before CLONE] [--repeat 5] [--json FILE]

Brings up the demo of this clone, and of another one before it, on ports of their own; neither may be running. Lines
are Chromium's own emulation: each request waits for the line's latency, all share its rate. Opening a connection
costs none.
"""

import argparse
import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.harness import ROOT
from deploy.local import ports
from tests.services import child

CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"]
PATIENCE_MS = 60_000
# Without the page's own doing: when its script first asks for something, and its first two frames.
SEEN = """
globalThis.seen = {};
const fetched = globalThis.fetch;
globalThis.fetch = (...given) => { seen.line ??= performance.now(); return fetched(...given); };
const watch = () => {
  const video = document.querySelector('video');
  if (!video) { setTimeout(watch, 10); return; }
  video.requestVideoFrameCallback(() => video.requestVideoFrameCallback(() => { seen.moving = performance.now(); }));
};
watch();
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True, slots=True)
class NetworkLine:
    name: str
    latency_ms: int
    down_mbit: float
    up_mbit: float


FAST = NetworkLine("60 ms, 9 Mbit/s", 60, 9, 9)
SLOW = NetworkLine("150 ms, 1.6 Mbit/s", 150, 1.6, 0.75)
# A latency beside which everything else is short: whole ones are counted.
COUNTING = NetworkLine("round trips", 1000, 1000, 1000)

# Name, unit, most that is wanted.
GOALS: dict[str, tuple[str, float | None]] = {
    "class: static requests": ("", 14),
    "class: kB of script": ("kB", 300),
    "class: kB of static files": ("kB", None),
    "class: round trips before its own first line": ("", 2),
    f"class: moving picture, {FAST.name}": ("s", 2.5),
    f"class: moving picture, {SLOW.name}": ("s", 5),
    f"home: first paint, {FAST.name}": ("s", 1),
    f"schedule: first paint, {FAST.name}": ("s", 1),
}


class Visit:
    """A member's page with nothing in its cache, on a line."""

    def __init__(self, browser: Browser, base: str, state: Any, line: NetworkLine) -> None:
        self.context = browser.new_context(base_url=base, storage_state=state, viewport={"width": 390, "height": 844})
        self.page: Page = self.context.new_page()
        self.page.add_init_script(SEEN)
        self.session: CDPSession = self.context.new_cdp_session(self.page)
        self.asked: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.loadingFinished", self._came)
        self.session.send("Network.enable")
        rates = {"downloadThroughput": line.down_mbit * 125_000, "uploadThroughput": line.up_mbit * 125_000}
        limits = {"offline": False, "latency": line.latency_ms, **rates}
        self.session.send("Network.emulateNetworkConditions", limits)

    def _sent(self, event: dict[str, Any]) -> None:
        self.asked[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes[event["requestId"]] = event["encodedDataLength"]

    def until(self, found: str) -> float:
        """Seconds of the page's own clock at which what is looked for was seen."""
        for _ in range(PATIENCE_MS // 20):
            if at := self.page.evaluate(found):
                return float(at) / 1000
            self.page.wait_for_timeout(20)
        raise RuntimeError(f"{self.page.url}: not within a minute: {found}")

    def static(self) -> dict[str, int]:
        """Bytes over the wire by the address of each static file."""
        files = {request: address for request, address in self.asked.items() if "/static/" in address}
        return {address: self.bytes.get(request) or on_the_wire(address) for request, address in files.items()}


def measure(browser: Browser, base: str, demo: dict[str, Any], repeat: int) -> dict[str, list[float]]:
    state = signed_in(browser, base, demo["accounts"]["member"])
    live = f"/classes/{demo['group_sessions']['live']}"
    found: dict[str, list[float]] = {name: [] for name in GOALS}
    files: dict[str, int] = {}
    for turn in range(repeat + 1):
        one: dict[str, float] = {}
        for line in (FAST, SLOW):
            with visit(browser, base, state, line, live) as seen:
                one[f"class: moving picture, {line.name}"] = seen.until("globalThis.seen.moving")
                if line is FAST:
                    seen.page.wait_for_timeout(1000)
                    files = seen.static()
                    one |= weights(files)
        with visit(browser, base, state, COUNTING, live) as seen:
            one["class: round trips before its own first line"] = seen.until("globalThis.seen.line") // 1
        for name in ("home", "schedule"):
            with visit(browser, base, state, FAST, "/" if name == "home" else f"/{name}") as seen:
                one[f"{name}: first paint, {FAST.name}"] = seen.until(PAINT)
        if turn:  # the first one warms the servers up
            for name, value in one.items():
                found[name].append(round(value, 3))
    print(json.dumps(files, indent=1))
    return found


def on_the_wire(address: str) -> int:
    """Of a worker's script Chromium does not tell the page how much came."""
    with httpx.stream("GET", address, headers={"Accept-Encoding": "gzip, br"}) as reply:
        return sum(len(piece) for piece in reply.iter_raw())


def weights(static: dict[str, int]) -> dict[str, float]:
    scripts = sum(size for address, size in static.items() if address.partition("?")[0].endswith(".js"))
    return {
        "class: static requests": len(static),
        "class: kB of script": scripts / 1000,
        "class: kB of static files": sum(static.values()) / 1000,
    }


@contextmanager
def visit(browser: Browser, base: str, state: Any, line: NetworkLine, path: str) -> Iterator[Visit]:
    seen = Visit(browser, base, state, line)
    try:
        seen.page.goto(path, wait_until="commit", timeout=PATIENCE_MS)
        yield seen
    finally:
        seen.context.close()


def signed_in(browser: Browser, base: str, account: dict[str, str]) -> Any:
    context = browser.new_context(base_url=base)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    state = context.storage_state()
    context.close()
    return state


@contextmanager
def demo_of(clone: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The clone's demo with its live class; its address and its demo.json."""
    http, rtmp = ports.pick(2)
    environment = os.environ | {"HTTP_PORT": str(http), "RTMP_PORT": str(rtmp)}
    python = str(clone / "var/venv/bin/python")
    environment.pop("PYTHONPATH", None)
    subprocess.run(["sh", "deploy/bootstrap.sh"], cwd=clone, env=environment, check=True)
    subprocess.run([python, "-m", "deploy.local", "up"], cwd=clone, env=environment, check=True)
    try:
        yield f"http://localhost:{http}", json.loads((clone / "var/demo.json").read_text())
    finally:
        subprocess.run([python, "-m", "deploy.local", "down"], cwd=clone, env=environment, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="a clone to compare with")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, default=ROOT / "var/benchmarks/page.json")
    options = parser.parse_args()
    clones = {"before": options.before.resolve()} if options.before else {}
    results: dict[str, dict[str, list[float]]] = {}
    with sync_playwright() as manager:
        browser = manager.chromium.launch(executable_path=child.program("chromium"), args=CHROMIUM)
        for name, clone in (clones | {"after": ROOT}).items():
            with demo_of(clone) as (base, demo):
                results[name] = measure(browser, base, demo, options.repeat)
        browser.close()
    report(results)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"load": os.getloadavg(), "results": results}, indent=1))


def report(results: dict[str, dict[str, list[float]]]) -> None:
    print(f"{'median':52}{'goal':>8}{''.join(f'{name:>12}' for name in results)}")
    for name, (unit, goal) in GOALS.items():
        medians = "".join(f"{statistics.median(found[name]):>12.2f}" for found in results.values())
        print(f"{f'{name} {unit}'.strip():52}{'-' if goal is None else f'{goal:g}':>8}{medians}")


if __name__ == "__main__":
    main()

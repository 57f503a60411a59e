"""Glass to glass in Chromium: the broadcaster's painted clock against the viewer's, on one machine.

    python -m benchmarks.latency [--seconds 60] [--json FILE] [--ours-only]

Ours runs on the whole stack and its own class page; the rivals on hls.js with its defaults.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.painted_clock import READER, Broadcaster
from benchmarks.rivals import CASES, Rivals
from deploy.local import config, lifecycle, ports, progress
from tests.e2e.browsing import Visit
from tests.e2e.parts import Caller

CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"]
SETTLE_SECONDS = 5
RIVALS_LEAD_SECONDS = 14
FROZEN_MS = 500


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds. `first_picture`: from the viewer's or the broadcaster's start, whichever came later."""

    case: str
    p50: float
    p95: float
    worst: float
    stalls: int
    first_picture: float
    frames: int
    unread: int
    rate: float
    load: float


def watch(page: Page, case: str, *, since: float, seconds: float) -> Result:
    """Waits for the first frame, lets playback settle, measures."""
    deadline = time.monotonic() + 60
    while not page.evaluate("globalThis.painted.samples.length"):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{case}: no picture within a minute")
        time.sleep(0.02)
    first = page.evaluate("globalThis.painted.samples[0][1]") / 1000 - since
    page.wait_for_timeout(SETTLE_SECONDS * 1000)
    page.evaluate("Object.assign(globalThis.painted, {samples: [], dry: [], unread: 0, rates: []})")
    page.wait_for_timeout(seconds * 1000)
    return judge(case, page.evaluate("globalThis.painted"), first)


def judge(case: str, found: dict[str, Any], first: float) -> Result:
    samples = found["samples"]
    delays = sorted((seen - painted) / 1000 for painted, seen in samples)
    seen = [at for _, at in samples]
    frozen = sum(later - earlier > FROZEN_MS for earlier, later in itertools.pairwise(seen))
    return Result(
        case=case,
        p50=round(statistics.median(delays), 3),
        p95=round(delays[int(len(delays) * 0.95)], 3),
        worst=round(delays[-1], 3),
        stalls=max(frozen, len(found["dry"])),
        first_picture=round(first, 2),
        frames=len(samples),
        unread=found["unread"],
        rate=round(statistics.fmean(found["rates"]), 3),
        load=round(os.getloadavg()[0], 2),
    )


def ours(browser: Browser, seconds: float) -> Iterator[Result]:
    """A member who waited for the picture, and one who comes when it runs."""
    with stack() as running:
        demo = running.demo
        instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
        group_session = demo["group_sessions"]["upcoming"]
        asked = {"group_session_id": group_session, "stream_title": "Clock", "max_viewers": 9}
        made = instructor.must("POST", "/api/streaming/sessions", json=asked)
        instructor.must("POST", f"/api/streaming/sessions/{made['streaming_session']['id']}/start")
        waiting = Visit(browser, demo, "member")
        waiting.page.goto(f"/classes/{group_session}")
        waiting.page.get_by_role("heading", name="The instructor is getting ready").wait_for()
        waiting.page.evaluate(READER)
        broadcaster = Broadcaster(made["stream_config"]["rtmp_url"])
        try:
            time.sleep(0.3)
            yield watch(waiting.page, "ours, a waiting viewer", since=broadcaster.began, seconds=seconds)
            waiting.page.context.close()
            late = Visit(browser, demo, "member2")
            since = time.time()
            late.page.goto(f"/classes/{group_session}", wait_until="commit")
            late.page.wait_for_selector("video", state="attached")
            late.page.evaluate(READER)
            yield watch(late.page, "ours, a late viewer", since=since, seconds=seconds)
            late.page.context.close()
        finally:
            broadcaster.stop()


def rivals(browser: Browser, seconds: float) -> Iterator[Result]:
    found = Rivals(Path(tempfile.mkdtemp(prefix="ffc-rivals-")))
    broadcaster = Broadcaster(found.rtmp_url)
    try:
        time.sleep(2)
        found.pull()
        time.sleep(RIVALS_LEAD_SECONDS)
        for case in CASES:
            page = browser.new_page()
            since = time.time()
            page.goto(found.page(case), wait_until="commit")
            page.wait_for_selector("video", state="attached")
            page.evaluate(READER)
            yield watch(page, case, since=since, seconds=seconds)
            page.close()
    finally:
        broadcaster.stop()
        found.stop()


@contextmanager
def stack() -> Iterator[lifecycle.RunningStack]:
    state = Path(tempfile.mkdtemp(prefix="ffc-latency-"))
    http, rtmp = ports.pick(2)
    database = f"sqlite:///{state}/bench.sqlite3"
    stack = config.Stack(state=state, database_url=database, http_port=http, rtmp_port=rtmp, broadcast=False)
    running = lifecycle.start(stack, step=progress.silent)
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(state, ignore_errors=True)


def show(one: Result) -> None:
    print(
        f"{one.case:<32} {one.p50:>7.2f} {one.p95:>7.2f} {one.worst:>7.2f} {one.stalls:>6} "
        f"{one.first_picture:>6.1f} {one.rate:>5.2f} {one.load:>5.1f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Glass-to-glass latency against rivals.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--ours-only", action="store_true")
    options = parser.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f}")
    print(f"{'case':<32} {'p50':>7} {'p95':>7} {'worst':>7} {'stalls':>6} {'first':>6} {'rate':>5} {'load':>5}")
    results: list[Result] = []
    with sync_playwright() as manager:
        browser = manager.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for part in (ours,) if options.ours_only else (ours, rivals):
            for one in part(browser, options.seconds):
                show(one)
                results.append(one)
        browser.close()
    text = json.dumps([asdict(one) for one in results], indent=1)
    print(text)
    if options.json:
        options.json.write_text(text)


if __name__ == "__main__":
    main()

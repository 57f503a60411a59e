"""Glass to glass by WebRTC in Chromium: a painted clock against the viewer's, on one machine.

    var/venv/bin/python -m benchmarks.webrtc.latency [--seconds 10] [--straight] [--ours]

Browser to browser on Janus alone and through our site; an encoder's RTMP to a WebRTC viewer; a browser's class to a
viewer of HLS. Ours is the whole stack and its own class page.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from playwright.async_api import async_playwright
from playwright.sync_api import Browser, sync_playwright

from benchmarks import harness, latency
from benchmarks.latency import CHROMIUM, Result, judge
from benchmarks.painted_clock import READER, Broadcaster
from benchmarks.webrtc import speaker, straight
from tests.e2e.browsing import Visit
from tests.e2e.parts import Caller, until

CODECS = ("h264", "vp8")
SETTLE_SECONDS = 3
GOALS = {"browser to browser": 0.10, "RTMP to WebRTC": 0.45}
_FAR = "() => document.querySelector('video')?.currentSrc.startsWith('blob:')"
_NEAR = "() => document.querySelector('video')?.srcObject instanceof MediaStream"


async def alone(seconds: float) -> list[Result]:
    """Browser to browser with Janus and nothing else."""
    found = []
    async with async_playwright() as manager, straight.janus() as (connection, server):
        browser = await manager.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for codec in CODECS:
            async with straight.publishing(browser, connection, server, codec) as room:
                await asyncio.sleep(1)
                page, began = await straight.watch_feed(browser, room)
                await asyncio.sleep(SETTLE_SECONDS)
                first = (await page.evaluate("painted.samples[0][1]")) / 1000 - began
                await page.evaluate("Object.assign(painted, {samples: [], dry: [], unread: 0, rates: []})")
                await asyncio.sleep(seconds)
                found.append(
                    judge(f"browser to browser, {codec}, Janus alone", await page.evaluate("painted"), first)
                )
                await page.close()
        await browser.close()
    return found


def ours(browser: Browser, seconds: float) -> Iterator[Result]:
    with latency.stack() as running:
        demo = running.demo
        instructor = Caller(demo["base_url"], demo["accounts"]["instructor"]["token"])
        group_session = demo["group_sessions"]["upcoming"]
        asked = {"group_session_id": group_session, "stream_title": "Clock", "max_viewers": 9}
        made = instructor.must("POST", "/api/streaming/sessions", json=asked)
        path = f"/api/streaming/sessions/{made['streaming_session']['id']}"
        instructor.must("POST", f"{path}/start")
        for codec in CODECS:
            room = {"room_id": made["streaming_session"]["room_id"], "role": "publisher"}
            address = instructor.must("POST", "/api/streaming/token", json=room)["webrtc_url"]
            instructor.must("POST", f"{path}/mode", json={"mode": "interactive"})
            began = time.time()
            page = speaker.publish(browser, demo, address, codec)
            speaker.wait(page, "up")
            yield _watch(browser, demo, f"browser to browser, {codec}, ours", group_session, seconds, near=True)
            speaker.wait(page, "bridge", state="running")
            instructor.must("POST", f"{path}/mode", json={"mode": "broadcast"})
            yield _watch(browser, demo, f"browser, {codec}, to HLS", group_session, seconds, near=False)
            print(f"on air for {time.time() - began:.0f} s")
            page.context.close()
            time.sleep(2)  # the ingest lets go of the key
        instructor.must("POST", f"{path}/mode", json={"mode": "interactive"})
        broadcaster = Broadcaster(made["stream_config"]["rtmp_url"])
        try:
            time.sleep(3)
            yield _watch(browser, demo, "RTMP to WebRTC, ours", group_session, seconds, near=True)
        finally:
            broadcaster.stop()


def _watch(
    browser: Browser, demo: dict[str, Any], case: str, group_session: str, seconds: float, *, near: bool
) -> Result:
    member = Visit(browser, demo, "member2")
    since = time.time()
    member.page.goto(f"/classes/{group_session}", wait_until="commit")
    until(lambda: bool(member.page.evaluate(_NEAR if near else _FAR)), what=f"a picture for {case}", seconds=40)
    member.page.evaluate(READER)
    result = latency.watch(member.page, case, since=since, seconds=seconds)
    member.page.context.close()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--straight", action="store_true", help="only Janus alone")
    parser.add_argument("--ours", action="store_true", help="only ours")
    options = parser.parse_args()
    found = [] if options.ours else asyncio.run(alone(options.seconds))
    if not options.straight:
        with sync_playwright() as manager:
            browser = manager.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            for one in ours(browser, options.seconds):
                latency.show(one)
                found.append(one)
            browser.close()
    verdicts = {
        one.case: harness.judged(one.p50, goal, more_is_better=False)
        for one in found
        for name, goal in GOALS.items()
        if one.case.startswith(name)
    }
    harness.write("webrtc-latency", [asdict(one) for one in found], verdicts)


if __name__ == "__main__":
    main()

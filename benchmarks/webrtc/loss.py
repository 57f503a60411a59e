"""What a poor uplink does to a class: lip-sync behind the RTMP door, freezes for a viewer by WebRTC.

    var/venv/bin/python -m benchmarks.webrtc.loss [--seconds 12]

Publisher in a network namespace behind a line that loses and delays (25 ms each way), Janus, our bridge, nginx-rtmp.
Needs root.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from benchmarks import harness
from benchmarks.latency import CHROMIUM
from benchmarks.rivals import Rivals
from benchmarks.webrtc import lossy, straight
from benchmarks.webrtc.lossy import Weather
from benchmarks.webrtc.talking import FEED, ROOM
from media_worker.sfu.bridge.events import BridgeState
from media_worker.sfu.bridge.rtmp_push import RtmpPush
from media_worker.sfu.janus.videoroom import FeedStream, VideoRoom
from tests.media_worker.sfu import lipsync

WAY = 0.025
CASES = {
    "no loss": Weather(delay=WAY),
    "1 %": Weather(0.01, WAY),
    "3 %": Weather(0.03, WAY),
    "5 %": Weather(0.05, WAY),
    "10 %": Weather(0.10, WAY),
    "100 ms jitter": Weather(delay=WAY, jitter=0.1),
}
GOAL_MS = 60
_STATS = """async () => {
  for (const one of (await peer.getStats()).values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video') {
      return {frames: one.framesDecoded, freezes: one.freezeCount, frozen: one.totalFreezesDuration};
    }
  }
}"""


async def measure(case: str, browser: Browser, rtmp: str, seconds: float, codec: str) -> dict[str, object]:
    async with straight.janus() as (connection, server):
        room = VideoRoom(connection, room=ROOM, secrets=server.secrets)
        await room.create()
        os.environ["SFU_SECRET"] = server.secrets.secret
        argv = ["benchmarks.webrtc.talking", server.path, codec, "1.5"]
        with lossy.behind(argv, CASES[case]) as publisher:
            line = await asyncio.to_thread(publisher.stdout.readline) if publisher.stdout else ""
            streams = [FeedStream(**stream) for stream in json.loads(line)]
            try:
                return {
                    "case": f"{codec} {case}",
                    **await _carried(browser, room, streams, rtmp, seconds),
                }
            finally:
                await room.destroy()


async def _carried(
    browser: Browser, room: VideoRoom, streams: list[FeedStream], rtmp: str, seconds: float
) -> dict[str, object]:
    going = asyncio.Event()

    def on_state(state: BridgeState) -> None:
        if state.state == "running":
            going.set()

    bridge = RtmpPush(room=room, feed=FEED, streams=streams, push_url=rtmp, on_state=on_state)
    await bridge.start()
    try:
        async with asyncio.timeout(30):
            await going.wait()
        page, _ = await straight.watch_feed(browser, room)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "class.mkv")
            argv = ["ffmpeg", "-v", "error", "-y", "-analyzeduration", "3000000", "-i", rtmp, "-t", str(seconds)]
            process = await asyncio.create_subprocess_exec(*argv, "-c", "copy", str(target))
            await process.wait()
            seen = await page.evaluate(_STATS)
            found = [round(one * 1000) for one in await asyncio.to_thread(lipsync.offsets, target)]
        await page.close()
    finally:
        await bridge.close()
    return {
        "beep - flash, median ms": round(statistics.median(found)) if found else "-",
        "from": min(found, default=0),
        "to": max(found, default=0),
        "marks": len(found),
        "viewer's frames": seen["frames"],
        "freezes": seen["freezes"],
        "frozen s": round(seen["frozen"], 2),
    }


async def run(seconds: float, codec: str) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        ingest = Rivals(Path(folder, "nginx"))
        try:
            async with async_playwright() as manager:
                browser = await manager.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
                rows = [await measure(case, browser, ingest.rtmp_url, seconds, codec) for case in CASES]
                await browser.close()
        finally:
            ingest.stop()
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--codec", default="H264", choices=["H264", "VP8"])
    options = parser.parse_args()
    rows = asyncio.run(run(options.seconds, options.codec))
    at_five = next(row for row in rows if row["case"].endswith(" 5 %"))  # type: ignore[attr-defined]
    verdict = harness.judged(abs(float(str(at_five["beep - flash, median ms"]))), GOAL_MS, more_is_better=False)
    harness.write("webrtc-loss", rows, {"lip-sync at 5 % loss, ms": verdict})


if __name__ == "__main__":
    main()

"""An hour of one class: does the delay drift, does the picture stall, does a process grow or keep files open?

    python -m benchmarks.soak [--minutes 60]

A stack of its own on PostgreSQL, a small broadcaster, a member on the class page in Chromium, one at a bare socket.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.harness import ROOT
from benchmarks.latency import CHROMIUM, FROZEN_MS
from benchmarks.painted_clock import READER, SMALL, Broadcaster
from deploy.local import config, control, lifecycle, ports, processes, progress
from tests import services
from tests.e2e.browsing import Visit
from tests.e2e.parts import Caller, Talk

MEGABYTE = 1 << 20
# The first minutes fill caches; growth is counted from there.
WARM_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Minute:
    """Delays in seconds, memory in MB of a process and its children, open files of the same."""

    minute: int
    p50: float
    p95: float
    worst: float
    stalls: int
    load: float
    memory: dict[str, float]
    files: dict[str, int]


@contextmanager
def stack() -> Iterator[lifecycle.RunningStack]:
    with ExitStack() as after:
        state = Path(tempfile.mkdtemp(prefix="ffc-soak-"))
        after.callback(shutil.rmtree, state, ignore_errors=True)
        state.chmod(0o755)
        servers = services.start()
        after.callback(servers.stop)
        http, rtmp = ports.pick(2)
        mine = config.Stack(
            state=state, database_url=servers.database_url, http_port=http, rtmp_port=rtmp, broadcast=False
        )
        running = lifecycle.start(mine, step=progress.silent)
        after.callback(running.stop)
        yield running


def families(running: lifecycle.RunningStack) -> dict[str, list[int]]:
    """Every process of the stack by the name of the one that started it."""
    groups = {info["pid"]: info["name"] for info in running.supervisor.processes()}
    found: dict[str, list[int]] = {name: [] for name in groups.values()}
    for pid in control.strays(running.stack):
        name = _family(pid, groups)
        found.setdefault(name, []).append(pid)
    return {name: pids for name, pids in found.items() if pids and name != processes.BROADCAST}


def _family(pid: int, groups: dict[int, str]) -> str:
    each = pid
    while each > 1:
        if each in groups:
            return "ffmpeg" if _program(pid) == "ffmpeg" else groups[each]
        each = int(Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[1])
    return "supervisor"


def _program(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def memory(pids: list[int]) -> float:
    """Proportional set size: what the processes share is counted once."""
    total = 0
    for pid in pids:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return round(total * 1024 / MEGABYTE, 1)


def files(pids: list[int]) -> int:
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)


def one_minute(number: int, page: Page, running: lifecycle.RunningStack) -> Minute:
    page.evaluate("Object.assign(globalThis.painted, {samples: [], dry: [], unread: 0, rates: []})")
    page.wait_for_timeout(60_000)
    found: dict[str, Any] = page.evaluate("globalThis.painted")
    delays = sorted((seen - painted) / 1000 for painted, seen in found["samples"]) or [0.0]
    frozen = sum(later - earlier > FROZEN_MS for (_, earlier), (_, later) in itertools.pairwise(found["samples"]))
    members = families(running)
    return Minute(
        minute=number,
        p50=round(statistics.median(delays), 3),
        p95=round(delays[int(len(delays) * 0.95)], 3),
        worst=round(delays[-1], 3),
        stalls=max(frozen, len(found["dry"])),
        load=round(os.getloadavg()[0], 1),
        memory={name: memory(pids) for name, pids in members.items()},
        files={name: files(pids) for name, pids in members.items()},
    )


def soak(minutes: int) -> Iterator[Minute]:
    with stack() as running, sync_playwright() as manager, ExitStack() as after:
        demo = running.demo
        tokens = (demo["accounts"][who]["token"] for who in ("instructor", "member2"))
        instructor, bare = (Caller(demo["base_url"], token) for token in tokens)
        group_session = demo["group_sessions"]["upcoming"]
        asked = {"group_session_id": group_session, "stream_title": "An hour", "max_viewers": 9}
        made = instructor.must("POST", "/api/streaming/sessions", json=asked)
        path = f"/api/streaming/sessions/{made['streaming_session']['id']}"
        instructor.must("POST", f"{path}/start")
        broadcaster = Broadcaster(made["stream_config"]["rtmp_url"], size=SMALL)
        after.callback(broadcaster.stop)
        after.enter_context(Talk(bare.must("POST", f"{path}/join")["stream_urls"]["chat_url"]))
        browser = manager.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        visit = Visit(browser, demo, "member")
        visit.page.goto(f"/classes/{group_session}")
        visit.page.wait_for_selector("video", state="attached")
        visit.page.evaluate(READER)
        visit.page.wait_for_timeout(20_000)
        for number in range(1, minutes + 1):
            yield one_minute(number, visit.page, running)
        browser.close()


def show(found: list[Minute]) -> None:
    first, last = found[min(WARM_MINUTES, len(found)) - 1], found[-1]
    head = f"MB, minute {first.minute} | minute {last.minute} | files, minute {first.minute} | minute {last.minute}"
    print(f"\n| process | {head} |")
    print("|---|---|---|---|---|")
    for name in sorted(last.memory):
        was = f"{first.memory.get(name, 0):.1f} | {last.memory[name]:.1f}"
        print(f"| {name} | {was} | {first.files.get(name, 0)} | {last.files[name]} |")
    stalls = sum(minute.stalls for minute in found)
    drift = f"{first.p50:.2f} s in minute {first.minute}, {last.p50:.2f} s in minute {last.minute}"
    print(f"\ndelay p50: {drift}; {stalls} stalls")


def main() -> None:
    parser = argparse.ArgumentParser(description="An hour of one class.")
    parser.add_argument("--minutes", type=int, default=60)
    options = parser.parse_args()
    found: list[Minute] = []
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    for minute in soak(options.minutes):
        found.append(minute)
        print(
            f"{minute.minute:>3} min  p50 {minute.p50:.2f}  p95 {minute.p95:.2f}  stalls {minute.stalls}", flush=True
        )
        content = [asdict(each) for each in found]
        (folder / "soak.json").write_text(json.dumps(content, indent=1) + "\n")
    show(found)


if __name__ == "__main__":
    main()

"""What the benchmarks share: a load by wrk on the last core, servers on the first, a table and JSON."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local import config

SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
ROOT = config.ROOT
SERVER_CORE, LOAD_CORE = "0", str((os.cpu_count() or 1) - 1)
_LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)\s*$", re.MULTILINE)
_MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    cpu_per_second: float = 0.0  # requests for each second of processor time of the server; 0: not asked


def wrk(case: str, address: str, *, connections: int, paths: list[str], post: bool = False, pid: int = 0) -> Row:
    """Random ones of `paths`. With `post`, a path is followed by its headers: `path`, tab, `Name: value`, tab, ...

    `pid`: the server, to ask for its processor time.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "load.lua")
        listed = ",".join(json.dumps(path) for path in paths)
        script.write_text(_POST % listed if post else _GET % listed)
        argv = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
        before = cpu(pid)
        out = subprocess.run([*argv, "-s", str(script), address], capture_output=True, text=True, check=True).stdout
        used = cpu(pid) - before
    rate = float(_number(r"Requests/sec:\s+([\d.]+)", out))
    total = int(_number(r"(\d+) requests in", out))
    times = {percent: float(value) * _MS[unit] for percent, value, unit in _LATENCY.findall(out)}
    failed = int(_number(r"Non-2xx or 3xx responses: (\d+)", out)) + int(_number(r"timeout (\d+)", out))
    per_cpu = round(total / used) if used else 0.0
    return Row(case, rate, times.get("50", 0.0), times.get("99", 0.0), failed, per_cpu)


_GET = """
local paths = {%s}
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""
_POST = """
local paths = {%s}
request = function()
  local wanted, headers = paths[math.random(#paths)], {["Content-Type"] = "application/json"}
  for name, value in string.gmatch(wanted, "\\t([^:]+): ([^\\t]+)") do headers[name] = value end
  return wrk.format("POST", string.match(wanted, "^[^\\t]+"), headers, "{}")
end
"""


def _number(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else "0"


def cpu(pid: int) -> float:
    """Seconds of processor time of the process and its descendants that live."""
    if not pid:
        return 0.0
    found = 0.0
    for each in [pid, *_children(pid)]:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for name in listed for child in (int(name), *_children(int(name)))]


@contextmanager
def server(
    argv: list[str], *, ready: Callable[[], bool], environment: dict[str, str] | None = None, core: str = SERVER_CORE
) -> Iterator[int]:
    """Yields its pid; ended with everything it started."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            ["taskset", "-c", core, *argv],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 60
            while not ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise RuntimeError(f"{argv[0]} did not come up:\n{log.read()[-2000:].decode(errors='replace')}")
                time.sleep(0.1)
            yield process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write(name: str, rows: list[dict[str, object]], verdicts: dict[str, str]) -> None:
    """Any rows as a table on the screen and as JSON below var/benchmarks."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{name}: {SECONDS} s each, {os.cpu_count()} cores, load average {load}\n")
    if rows:
        print(f"| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        cells = [f"{cell:,}" if isinstance(cell, int | float) else str(cell) for cell in row.values()]
        print(f"| {' | '.join(cells)} |")
    for goal, found in verdicts.items():
        print(f"\n{goal}: {found}")
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    content = {"name": name, "load": load, "seconds": SECONDS, "rows": rows, **verdicts}
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def report(name: str, rows: list[Row], verdicts: dict[str, str]) -> None:
    """The table on the screen, the same as JSON below var/benchmarks."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{name}: {SECONDS} s each, {os.cpu_count()} cores, load average {load}\n")
    print("| case | requests/s | p50 ms | p99 ms | failed | per CPU second |\n|---|---|---|---|---|---|")
    for row in rows:
        cells = f"{row.per_second:,.0f} | {row.p50_ms:.1f} | {row.p99_ms:.1f} | {row.failed}"
        print(f"| {row.case} | {cells} | {f'{row.cpu_per_second:,.0f}' if row.cpu_per_second else '-'} |")
    for goal, found in verdicts.items():
        print(f"\n{goal}: {found}")
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    content = {"name": name, "load": load, "seconds": SECONDS, "rows": [asdict(row) for row in rows], **verdicts}
    (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def judged(value: float, goal: float, *, more_is_better: bool = True) -> str:
    reached = value >= goal if more_is_better else value <= goal
    miss = abs(value - goal) / goal * 100
    return f"{value:,.2f} (goal {goal:,.2f}): {'reached' if reached else f'missed by {miss:.0f} %'}"


def need(*programs: str) -> None:
    if missing := [name for name in programs if not shutil.which(name)]:
        raise SystemExit(f"Install first: {', '.join(missing)}")

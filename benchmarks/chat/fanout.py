"""One room: deliveries for each second of the server's processor time, single and in arrays, and how late they are.

Closed loop: four messages are under way at a time, the next is said when every member has one. Then each server gets
60 % of what it managed, evenly, and the time from a message's saying to its arrival is what counts.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks import harness
from benchmarks.chat import load, servers, stage
from benchmarks.chat.servers import Server

SIZES = (1000, 2000)
UNDER_WAY = 4
ARRAYS = "ours, arrays, a million a second"
GRACE = 3.0


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    members: int
    deliveries_per_second: float
    per_cpu_second: float
    frames_per_second: float
    p50_ms: float
    p99_ms: float
    lost: int
    server_cpu: float  # share of its core
    load_cpu: float
    refused: int


type Opened = Callable[[int], AbstractContextManager[Server]]

RIVALS: dict[str, Opened] = {
    "Node ws": lambda members: servers.node("ws.js", members),
    "socket.io": lambda members: servers.node("socketio.js", members),
    "bare asyncio": servers.floor,
    "Channels as documented, uvicorn": lambda members: servers.idiom("uvicorn", members),
    "Channels as documented, daphne": lambda members: servers.idiom("daphne", members),
}


def main() -> None:
    harness.need("taskset", "cc", "node", "npm")
    with stage.services_up():
        rooms = {size: stage.rooms(1, members=size)[0] for size in SIZES}
        measured = list(_measure(rooms))
    by_case = {(row.case, row.members): row for row in measured}
    single, batched = by_case["ours", 1000], by_case[ARRAYS, 1000]
    at_60 = by_case["ours, at 60 %", 1000]
    found = {
        "single frames for each CPU second": harness.judged(single.per_cpu_second, 150_000),
        **{
            f"times {rival}, {size:,} members": (
                f"{by_case['ours', size].per_cpu_second / by_case[rival, size].per_cpu_second:.2f}"
            )
            for size in SIZES
            for rival in RIVALS
        },
        "deliveries/s in arrays": harness.judged(batched.deliveries_per_second, 1_000_000),
        "their p99 ms": harness.judged(batched.p99_ms, 350, more_is_better=False),
        "p99 ms at 60 % of capacity": harness.judged(at_60.p99_ms, 20, more_is_better=False),
    }
    harness.write("chat-fanout", [asdict(row) for row in measured], found)


def _ours(room: stage.Room, **kw: Any) -> Opened:
    return lambda _: servers.ours(room, **kw)


def _measure(rooms: dict[int, stage.Room]) -> Iterator[Row]:
    for size in SIZES:
        room = rooms[size]
        cases: dict[str, Opened] = {
            "ours": _ours(room, window_ms=0),
            "ours, by ASGI's send": _ours(room, window_ms=0, wire=False),
            **RIVALS,
        }
        for case, opened in cases.items():
            with _with_members(opened(size)) as (server, members, refused):
                closed = _closed(case, server, members, size, refused)
                yield _said(closed)
                rate = closed.deliveries_per_second / size * 0.6
                yield _said(_open(f"{case}, at 60 %", server, members, size, refused, rate=rate))
        with _with_members(servers.ours(room)) as (server, members, refused):
            yield _said(_open(ARRAYS, server, members, size, refused, rate=1_050_000 / size))


@contextmanager
def _with_members(opened: AbstractContextManager[Server]) -> Iterator[tuple[Server, load.Load, int]]:
    with opened as server, load.members(server.port, server.paths) as members:
        yield server, members, members.up().refused


def _closed(case: str, server: Server, members: load.Load, size: int, refused: int) -> Row:
    for _ in range(UNDER_WAY):
        server.publish(next(servers.numbers))
    for _ in range(2 * UNDER_WAY):  # warm
        members.done.get(timeout=load.PATIENCE)
        server.publish(next(servers.numbers))
    before = _begin(server, members)
    deadline = before.at + harness.SECONDS
    said = 0
    while time.monotonic() < deadline:
        members.done.get(timeout=load.PATIENCE)
        server.publish(next(servers.numbers))
        said += 1
    row = _row(case, before, server, members, size, refused)
    for _ in range(UNDER_WAY):
        members.done.get(timeout=load.PATIENCE)
    return row


def _open(case: str, server: Server, members: load.Load, size: int, refused: int, *, rate: float) -> Row:
    """So many messages a second, whatever becomes of them; what has not come after a grace is lost."""
    servers.say(server.publish, rate, seconds=1.0)
    time.sleep(1)
    before = _begin(server, members)
    said = servers.say(server.publish, rate, seconds=harness.SECONDS)
    row = _row(case, before, server, members, size, refused)
    deadline = time.monotonic() + GRACE
    while members.report().messages < said * (size - refused) and time.monotonic() < deadline:
        time.sleep(0.1)
    final = members.report()
    lost = said * (size - refused) - final.messages
    return Row(**asdict(row) | {"lost": lost, "p50_ms": final.p50_ms, "p99_ms": final.p99_ms})


@dataclass(frozen=True, slots=True)
class _Before:
    at: float
    server_cpu: float
    load_cpu: float


def _begin(server: Server, members: load.Load) -> _Before:
    members.zero()
    return _Before(time.monotonic(), harness.cpu(server.pid), members.report().cpu_seconds)


def _row(  # noqa: PLR0917
    case: str, before: _Before, server: Server, members: load.Load, size: int, refused: int
) -> Row:
    arrived, used = members.report(), harness.cpu(server.pid) - before.server_cpu
    seconds = time.monotonic() - before.at
    return Row(
        case,
        size,
        deliveries_per_second=round(arrived.messages / seconds),
        per_cpu_second=round(arrived.messages / used),
        frames_per_second=round(arrived.frames / seconds),
        p50_ms=arrived.p50_ms,
        p99_ms=arrived.p99_ms,
        lost=0,
        server_cpu=round(used / seconds, 2),
        load_cpu=round((arrived.cpu_seconds - before.load_cpu) / seconds, 2),
        refused=refused,
    )


def _said(row: Row) -> Row:
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()

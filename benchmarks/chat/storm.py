"""Everybody comes at once: connections a second until each has its welcome, none refused."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass

from benchmarks import harness
from benchmarks.chat import load, servers, stage
from benchmarks.chat.servers import Server

MEMBERS = 2000
AT_ONCE = (128, MEMBERS)


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    handshakes_at_once: int
    connects_per_second: float
    per_cpu_second: float
    p50_ms: float
    p99_ms: float
    refused: int


def main() -> None:
    harness.need("taskset", "cc")
    with stage.services_up():
        (room,) = stage.rooms(1, members=MEMBERS)
        rows = list(_measure(room))
    ours = next(row for row in rows if row.case == "ours" and row.handshakes_at_once == AT_ONCE[0])
    found = {
        "connects/s": harness.judged(ours.connects_per_second, 1200),
        "connects for each CPU second": harness.judged(ours.per_cpu_second, 1200),
        "refused": str(sum(row.refused for row in rows if row.case == "ours")),
    }
    harness.write("chat-storm", [asdict(row) for row in rows], found)


def _measure(room: stage.Room) -> Iterator[Row]:
    for at_once in AT_ONCE:
        yield _row("ours", servers.ours(room), at_once)
        yield _row("ours, by ASGI's send", servers.ours(room, wire=False), at_once)
        yield _row("Channels as documented, uvicorn", servers.idiom("uvicorn", MEMBERS), at_once)
        yield _row("Channels as documented, daphne", servers.idiom("daphne", MEMBERS), at_once)


def _row(case: str, opened: AbstractContextManager[Server], at_once: int) -> Row:
    with opened as server:
        before = harness.cpu(server.pid)
        with load.members(server.port, server.paths, at_once=at_once) as members:
            up = members.up()
            used = harness.cpu(server.pid) - before
    row = Row(
        case,
        at_once,
        connects_per_second=round(up.connected / up.seconds),
        per_cpu_second=round(up.connected / used),
        p50_ms=up.p50_ms,
        p99_ms=up.p99_ms,
        refused=up.refused,
    )
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()

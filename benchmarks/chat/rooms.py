"""Many small rooms on one process, and one room on two processes that hear of each other through Redis."""

import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from benchmarks import harness
from benchmarks.chat import load, servers, stage

ROOMS, EACH = 200, 20
RATE = 2000  # messages a second over all rooms: ten a second in each
SHARED, SHARED_RATE = 1000, 50
GRACE = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    deliveries_per_second: float
    per_cpu_second: float
    p50_ms: float
    p99_ms: float
    lost: int
    server_cpu: float


def main() -> None:
    harness.need("taskset", "cc")
    with stage.services_up():
        rows = [_many(stage.rooms(ROOMS, members=EACH)), *_two(stage.rooms(1, members=SHARED)[0])]
    found = {f"{row.case}: lost": str(row.lost) for row in rows}
    harness.write("chat-rooms", [asdict(row) for row in rows], found)


def _many(rooms: list[stage.Room]) -> Row:
    everybody = stage.Room("", [path for room in rooms for path in room.paths])
    with (
        servers.ours(everybody) as server,
        load.members(server.port, server.paths) as members,
    ):
        members.up()
        say = [servers.publisher(room) for room in rooms]

        def publish(number: int) -> None:
            random.choice(say)(number)

        return _measured(f"{ROOMS} rooms of {EACH}", [server], [members], publish, RATE, EACH)


def _two(room: stage.Room) -> list[Row]:
    """Both on the first core, so that what the second costs is seen; then one alone."""
    half = SHARED // 2
    first, second = (stage.Room(room.room_id, part) for part in (room.paths[:half], room.paths[half:]))
    with (
        servers.ours(first) as one,
        servers.ours(second) as two,
        load.members(one.port, one.paths) as a,
        load.members(two.port, two.paths) as b,
    ):
        a.up(), b.up()
        rows = [_measured("one room, two processes", [one, two], [a, b], one.publish, SHARED_RATE, SHARED)]
    with servers.ours(room) as alone, load.members(alone.port, alone.paths) as members:
        members.up()
        rows.append(_measured("the same, one process", [alone], [members], alone.publish, SHARED_RATE, SHARED))
    return rows


def _measured(  # noqa: PLR0917
    case: str,
    processes: list[servers.Server],
    members: list[load.Load],
    publish: Callable[[int], None],
    rate: float,
    readers: int,
) -> Row:
    servers.say(publish, rate, seconds=1.0)
    time.sleep(GRACE)
    for each in members:
        each.zero()
    began, before = time.monotonic(), sum(harness.cpu(server.pid) for server in processes)
    said = servers.say(publish, rate, seconds=harness.SECONDS)
    time.sleep(GRACE)
    seconds = time.monotonic() - began - GRACE
    used = sum(harness.cpu(server.pid) for server in processes) - before
    arrived = [each.report() for each in members]
    messages = sum(each.messages for each in arrived)
    row = Row(
        case,
        deliveries_per_second=round(messages / seconds),
        per_cpu_second=round(messages / used),
        p50_ms=max(each.p50_ms for each in arrived),
        p99_ms=max(each.p99_ms for each in arrived),
        lost=said * readers - messages,
        server_cpu=round(used / seconds, 2),
    )
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()

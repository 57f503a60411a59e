"""What a socket costs in memory, what readers that stopped cost, and what nginx and TLS before the server cost."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import harness
from benchmarks.chat import load, servers, stage
from benchmarks.chat.servers import Server
from deploy.local import certificate, config, ports, programs, render

MEMBERS = 1000
READERS, STALLED = 60, 20
LARGE, LARGE_RATE, LARGE_SECONDS = 50_000, 40, 10


@dataclass(frozen=True, slots=True)
class Row:
    case: str
    megabytes_before: float
    megabytes_after: float
    kilobytes_a_socket: float
    p50_ms: float
    p99_ms: float
    lost: int
    server_cpu: float


def main() -> None:
    harness.need("taskset", "cc", "node", "npm", "nginx", "openssl")
    with stage.services_up():
        (large,) = stage.rooms(1, members=MEMBERS)
        (small,) = stage.rooms(1, members=READERS)
        rows = [
            _sockets("ours", servers.ours(large)),
            _sockets("Channels as documented, uvicorn", servers.idiom("uvicorn", MEMBERS)),
            _sockets("Channels as documented, daphne", servers.idiom("daphne", MEMBERS)),
            _sockets("Node ws", servers.node("ws.js", MEMBERS)),
            _sockets("socket.io", servers.node("socketio.js", MEMBERS)),
            _stalled("ours", servers.ours(small, window_ms=0)),
            _stalled("ours, by ASGI's send", servers.ours(small, window_ms=0, wire=False)),
            _stalled("Channels as documented, daphne", servers.idiom("daphne", READERS)),
            *_behind(large),
        ]
    grown = rows[5].megabytes_after - rows[5].megabytes_before
    found = {"MB more with 20 of 60 readers stalled": harness.judged(grown, 2, more_is_better=False)}
    harness.write("chat-memory", [asdict(row) for row in rows], found)


def _sockets(case: str, opened: AbstractContextManager[Server]) -> Row:
    with opened as server:
        with load.members(server.port, server.paths[:50]) as some:  # what is loaded with the first
            some.up()
        time.sleep(1)
        before = _megabytes(server.pid)
        with load.members(server.port, server.paths) as members:
            connected = members.up().connected
            time.sleep(1)
            after = _megabytes(server.pid)
    each = round((after - before) * 1024 / connected, 1)
    return _said(Row(f"{case}: {MEMBERS} sockets", before, after, each, 0, 0, 0, 0))


def _stalled(case: str, opened: AbstractContextManager[Server]) -> Row:
    """Large frames for ten seconds while a third of the members reads nothing; the others are asked."""
    with (
        opened as server,
        load.members(server.port, server.paths[:STALLED]) as stalled,
        load.members(server.port, server.paths[STALLED:]) as members,
    ):
        stalled.up(), members.up()
        servers.pad(LARGE)
        servers.say(server.publish, 10, seconds=1.0)
        stalled.stall(STALLED)
        time.sleep(0.5)
        members.zero()
        before, used, began = _megabytes(server.pid), harness.cpu(server.pid), time.monotonic()
        said = servers.say(server.publish, LARGE_RATE, seconds=LARGE_SECONDS)
        seconds, after = time.monotonic() - began, _megabytes(server.pid)
        used = harness.cpu(server.pid) - used
        time.sleep(1)
        arrived = members.report()
        servers.pad(0)
    lost = said * (READERS - STALLED) - arrived.messages
    busy = round(used / seconds, 2)
    case = f"{case}: {STALLED} of {READERS} stalled, {LARGE // 1000} KB frames"
    return _said(Row(case, before, after, 0, arrived.p50_ms, arrived.p99_ms, lost, busy))


def _behind(room: stage.Room) -> Iterator[Row]:
    """The same even load with nothing, nginx, and nginx with TLS before the server; both on the first core."""
    with servers.ours(room) as server:
        yield _loaded("straight", server, server.port, 0)
    for secure in (False, True):
        with tempfile.TemporaryDirectory() as folder, _nginx(Path(folder), secure=secure) as (stack, nginx):
            port = stack.tls.https_port if stack.tls else stack.http_port
            with servers.ours(room, port=stack.internal.sockets) as server:
                yield _loaded("behind nginx, TLS" if secure else "behind nginx", server, port, nginx, tls=secure)


def _loaded(case: str, server: Server, port: int, nginx: int, *, tls: bool = False) -> Row:
    with load.members(port, server.paths, tls=tls) as members:
        refused = members.up().refused
        servers.say(server.publish, 10, seconds=1.0)
        members.zero()
        began, used = time.monotonic(), harness.cpu(server.pid) + harness.cpu(nginx)
        said = servers.say(server.publish, 50, seconds=harness.SECONDS)
        used = harness.cpu(server.pid) + harness.cpu(nginx) - used
        seconds = time.monotonic() - began
        time.sleep(1)
        arrived = members.report()
    lost, busy = said * MEMBERS - arrived.messages, round(used / seconds, 2)
    case = f"{case}: 50 messages/s to {MEMBERS}, {refused} refused"
    return _said(Row(case, 0, _megabytes(server.pid), 0, arrived.p50_ms, arrived.p99_ms, lost, busy))


@contextmanager
def _nginx(folder: Path, *, secure: bool) -> Iterator[tuple[config.Stack, int]]:
    """The project's, as the demo starts it."""
    http, rtmp, https, rtmps = ports.pick(4)
    tls = config.Tls(
        https_port=https,
        rtmps_port=rtmps,
        certificate=folder / "tls" / "cert.pem",
        key=folder / "tls" / "key.pem",
        made_here=True,
    )
    stack = config.Stack(
        state=folder,
        database_url="sqlite://:memory:",
        http_port=http,
        rtmp_port=rtmp,
        tls=tls if secure else None,
    )
    for directory in stack.directories:
        directory.mkdir(parents=True, exist_ok=True)
    certificate.ensure(tls)
    path = stack.run / "nginx-http.conf"
    path.write_text(render.nginx_configs(stack, "hook-secret")["nginx-http.conf"])
    argv = [programs.find("nginx"), "-e", "stderr", "-p", str(stack.run), "-c", str(path)]
    with harness.server(argv, ready=lambda: harness.listens(https if secure else http)) as pid:
        yield stack, pid


def _megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * 4096 / 2**20, 1)


def _said(row: Row) -> Row:
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()

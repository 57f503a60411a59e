"""The RTMP instance with a real broadcaster, and a stand-in for the hooks."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.local import config, ports, programs, ready
from tests.services import child

pytestmark = pytest.mark.media

KEY = "the-key-of-an-instructor"
ROOM = "room-abcdef0123456789"


@dataclass
class Ingest:
    stack: config.Stack
    log: Path
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    update_status: int = 200
    publishers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    hooks: ThreadingHTTPServer = field(init=False)

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        return f"rtmp://{host}:{self.stack.rtmp_port}/live/{name}"

    def broadcast(self, name: str) -> subprocess.Popen[bytes]:
        argv = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi"]
        argv += ["-i", "testsrc=size=160x90:rate=15", "-c:v", "libx264", "-preset", "ultrafast", "-g", "15"]
        process = subprocess.Popen([*argv, "-f", "flv", self.url(name)], stderr=subprocess.DEVNULL)
        self.publishers.append(process)
        return process

    def called(self, kind: str) -> list[dict[str, str]]:
        return [form for name, form in list(self.calls) if name == kind]


@pytest.fixture
def ingest(stack: config.Stack) -> Iterator[Ingest]:
    found = Ingest(stack, stack.run / "log")

    class Hooks(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            split = urlsplit(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(f"{body}&{split.query}").items()}
            kind = split.path.removeprefix("/hooks/rtmp/")
            found.calls.append((kind, form))
            self.send_response(self.answer(kind, form))
            self.send_header("Location", ROOM)
            self.end_headers()

        def answer(self, kind: str, form: dict[str, str]) -> int:
            if kind == "publish":
                return 302 if form["name"] == KEY else 404
            return found.update_status if kind == "update" else 200

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", stack.internal.app), Hooks)
    found.hooks = server
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    argv = [programs.find("nginx"), "-e", "stderr", "-p", str(stack.run), "-c", str(stack.run / "nginx-rtmp.conf")]
    stat = f"http://127.0.0.1:{stack.internal.stat}/stat"
    with child.running(argv, directory=stack.run, ready=lambda: ready.status(stat) == 200):
        yield found
        for process in found.publishers:
            end(process)
    server.shutdown()
    server.server_close()


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def frames(url: str) -> int:
    """How many pictures of one second a player gets."""
    argv = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-analyzeduration", "500000", "-i", url]
    argv += ["-t", "1", "-c", "copy", "-f", "framecrc", "-"]
    try:
        output = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=6).stdout
    except subprocess.TimeoutExpired:
        return 0
    return sum(1 for line in output.splitlines() if not line.startswith("#"))


def until(what: str, condition: object, *, seconds: float = 8) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def test_publisher_gets_the_rooms_name_and_the_key_stays_hidden(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    stat = httpx.get(f"http://127.0.0.1:{ingest.stack.internal.stat}/stat").text
    seen = frames(ingest.url(ROOM))
    end(publisher)
    until("no end was told", lambda: ingest.called("publish_done"))

    (begun,), (done,) = ingest.called("publish"), ingest.called("publish_done")
    assert (begun["name"], begun["secret"]) == (KEY, "hook-secret")
    assert (done["clientid"], done["secret"]) == (begun["clientid"], "hook-secret")
    assert seen > 5
    assert f"<name>{ROOM}</name>" in stat
    assert KEY not in stat
    assert KEY not in ingest.log.read_text()


def test_unknown_key_is_refused(ingest: Ingest) -> None:
    publisher = ingest.broadcast("somebody-guesses")

    assert publisher.wait(5) != 0
    assert ingest.called("publish_done") == []


def test_refused_update_cuts_the_publisher(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    ingest.update_status = 403

    assert publisher.wait(6) != 0


def test_a_site_that_is_down_cuts_nobody_who_broadcasts(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    ingest.hooks.shutdown()
    ingest.hooks.server_close()
    time.sleep(5)

    assert publisher.poll() is None
    assert "hook-secret" not in ingest.log.read_text()
    newcomer = ingest.broadcast("somebody-else")
    assert newcomer.wait(5) != 0


def test_second_publisher_of_one_key_does_not_disturb_the_first(ingest: Ingest) -> None:
    first = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))
    second = ingest.broadcast(KEY)

    assert second.wait(5) != 0
    assert first.poll() is None
    assert frames(ingest.url(ROOM)) > 5
    newcomer = ingest.called("publish")[1]["clientid"]
    assert [form["clientid"] for form in ingest.called("publish_done")] == [newcomer]
    end(first)


@pytest.mark.skipif(not ports.has_ipv6(), reason="a second local address is needed")
def test_only_the_media_worker_may_play(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    assert frames(ingest.url(ROOM, host="[::1]")) == 0
    assert frames(ingest.url(ROOM)) > 5
    end(publisher)


def test_garbage_leaves_the_ingest_standing(ingest: Ingest) -> None:
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x03" + bytes(1536) + b"\xff" * 5000, b"\x00", bytes(100_000)):
        with socket.create_connection(("127.0.0.1", ingest.stack.rtmp_port), 5) as connection:
            connection.sendall(garbage)

    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))
    end(publisher)

"""The RTMP instance, broadcasters before it and a stand-in for the hooks behind it."""

import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from deploy.local import config, programs, ready
from tests.services import child

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

    def secure_url(self, name: str, host: str = "127.0.0.1") -> str:
        assert self.stack.tls
        return f"rtmps://{host}:{self.stack.tls.rtmps_port}/live/{name}"

    def broadcast(self, name: str, url: str = "") -> subprocess.Popen[bytes]:
        argv = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi"]
        argv += ["-i", "testsrc=size=160x90:rate=15", "-c:v", "libx264", "-preset", "ultrafast", "-g", "15"]
        process = subprocess.Popen([*argv, "-f", "flv", url or self.url(name)], stderr=subprocess.DEVNULL)
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

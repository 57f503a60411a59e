"""A stack's configuration on free ports, and the public nginx alone before two stand-ins for our servers."""

import gzip
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest

from deploy.local import config, ports, programs, ready, render
from tests.deploy.ingest import ingest
from tests.services import child

__all__ = ["ingest"]  # a fixture

ROOM = "room-abcdef0123456789"
TOKEN = "good.token-for_the_room"
SEGMENT = b"segment of a class" * 100


class Upstream(ThreadingHTTPServer):
    """Answers like the app and like the verdict, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.verdicts: dict[tuple[str, str], int] = {(ROOM, TOKEN): 200}
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Upstream

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers.items())))
        split = urlsplit(self.path)
        status, body = 200, b"from upstream"
        if split.path == "/_verdict":
            query = parse_qs(split.query)
            status = self.server.verdicts.get((query["room"][0], query["token"][0]), 403)
            body = b""
        self.send_response(status)
        if split.path == "/_verdict" and status == 200:
            self.send_header("Cache-Control", "stale-if-error=600")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")  # a kept connection would outlive `Door.stop`
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 -- the name that http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


HELD_SECONDS = 30


@pytest.fixture
def long_holds(stack: config.Stack) -> None:
    """Players are held for longer than a busy machine needs for a test: only a part lets them go."""
    set_limits(stack, hold_seconds=HELD_SECONDS)


def set_limits(stack: config.Stack, **limits: int) -> None:
    path = stack.run / "nginx-http.conf"
    text = path.read_text()
    for name, most in limits.items():
        text, count = re.subn(rf"{name} = \d+", f"{name} = {most}", text)
        assert count == 1
    path.write_text(text)


@dataclass
class Door:
    """The public nginx; `app` and `sockets` stand behind it."""

    url: str
    stack: config.Stack
    app: Upstream
    sockets: Upstream
    log: Path
    stopped: list[Upstream] = field(default_factory=list)

    def stop(self, upstream: Upstream) -> None:
        upstream.shutdown()
        upstream.server_close()
        self.stopped.append(upstream)

    def reload(self) -> None:
        """Returns when the old workers are gone."""
        pid = int((self.stack.run / "nginx-http.pid").read_text())
        workers = Path(f"/proc/{pid}/task/{pid}/children")
        old = set(workers.read_text().split())
        os.kill(pid, signal.SIGHUP)
        deadline = time.monotonic() + 30
        while old & (new := set(workers.read_text().split())) or not new:
            assert time.monotonic() < deadline, "the old workers do not leave"
            time.sleep(0.02)


# For tests that wait until a verdict is too old: parametrizes `stack`.
SHORT_VERDICTS = {"VERDICT_CACHE_SECONDS": "1"}


@pytest.fixture
def stack(tmp_path: Path, request: pytest.FixtureRequest) -> config.Stack:
    http, rtmp = ports.pick(2)
    found = config.Stack(
        state=tmp_path / "a state",
        database_url="sqlite://:memory:",
        http_port=http,
        rtmp_port=rtmp,
        extra=getattr(request, "param", {}),
    )
    write_configuration(found)
    return found


def write_configuration(stack: config.Stack) -> None:
    for directory in stack.directories:
        directory.mkdir(parents=True)
    for name, text in render.nginx_configs(stack, "hook-secret").items():
        (stack.run / name).write_text(text)


@pytest.fixture
def door(stack: config.Stack) -> Iterator[Door]:
    write_class(stack.hls / ROOM)
    for name in ("site.css", "icons.0123456789ab.svg", "site-AB2CD3EF.css"):
        (stack.static / name).write_text("body{}")
    (stack.static / "site-AB2CD3EF.css.gz").write_bytes(gzip.compress(b"body{}"))
    (stack.static / "site-AB2CD3EF.css.br").write_bytes(brotli.compress(b"body{}"))
    servers = [Upstream(stack.internal.app), Upstream(stack.internal.sockets)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    url = f"http://127.0.0.1:{stack.http_port}"
    argv = [programs.find("nginx"), "-e", "stderr", "-p", str(stack.run), "-c", str(stack.run / "nginx-http.conf")]
    with child.running(argv, directory=stack.run, ready=lambda: ready.status(f"{url}/") in {200, 301}):
        found = Door(url, stack, servers[0], servers[1], stack.run / "log")
        servers[0].asked.clear()
        yield found
    for server in servers:
        if server not in found.stopped:
            found.stop(server)


def write_class(room: Path) -> None:
    rendition = room / "720p"
    rendition.mkdir(parents=True)
    (room / "playlist.m3u8").write_text("#EXTM3U\n__TOKEN__/720p/playlist.m3u8\n__TOKEN__/480p/playlist.m3u8\n")
    (rendition / "playlist.m3u8").write_text("#EXTM3U\nseg-1.m4s\n")
    (rendition / "seg-1.m4s").write_bytes(SEGMENT)
    (rendition / "init-3.mp4").write_bytes(b"init")
    (rendition / "secret.txt").write_text("not for viewers")

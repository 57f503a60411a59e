"""How the packager hands its playlists to nginx, and goes on without it."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from deploy.local import ports
from media_worker.packager.window import RenderedPlaylist
from media_worker.process.contract import Push
from media_worker.process.playlist_pusher import PlaylistPusher
from tests.deploy.conftest import ROOM, TOKEN, Door

PAGE = RenderedPlaylist(b"", "", b"", b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:3\n")
LONG = RenderedPlaylist(b"#EXTM3U\npast\n" * 3000, "0123abcd", b"#EXTM3U\nskip\n", b"recent\n")


class Receiver(HTTPServer):
    """In nginx's place, where a test has to stop and start it."""

    def __init__(self, port: int, *, answer: int = 204) -> None:
        self.answer = answer
        self.told: list[tuple[str, str]] = []
        super().__init__(("127.0.0.1", port), _Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, self.headers.get("X-Version", "")))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def port() -> int:
    return ports.pick(1)[0]


@pytest.fixture
def pusher(port: int) -> Iterator[PlaylistPusher]:
    found = PlaylistPusher(Push(f"http://127.0.0.1:{port}", "hook-secret"), ROOM)
    yield found
    found.close()


def _until(condition: object, seconds: float = 4) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_playlist_reaches_players_through_nginx(door: Door) -> None:
    found = PlaylistPusher(Push(f"http://127.0.0.1:{door.stack.internal.push}", "hook-secret"), ROOM)
    found.push("720p", 12288, PAGE)
    found.close()

    assert httpx.get(f"{door.url}/hls/{ROOM}/{TOKEN}/720p/playlist.m3u8").content == PAGE.full
    assert found.delivered


def test_delta_and_full_playlist_reach_players(door: Door) -> None:
    url = f"{door.url}/hls/{ROOM}/{TOKEN}/720p/playlist.m3u8"
    found = PlaylistPusher(Push(f"http://127.0.0.1:{door.stack.internal.push}", "hook-secret"), ROOM)
    found.push("720p", 12288, LONG)
    _until(lambda: httpx.get(url).content == LONG.full)
    newer = replace(LONG, recent=b"newer\n")
    found.push("720p", 12289, newer)
    found.close()

    assert httpx.get(url).content == newer.full
    assert httpx.get(f"{url}?_HLS_skip=YES").content == newer.delta


def test_past_is_sent_when_it_is_wanted(pusher: PlaylistPusher, port: int) -> None:
    receiver = Receiver(port, answer=202)
    pusher.push("720p", 1, LONG)
    assert _until(lambda: len(receiver.told) >= 2)
    receiver.answer = 204
    pusher.push("720p", 2, LONG)
    assert _until(lambda: len(receiver.told) >= 3)

    assert receiver.told[:3] == [(f"/{ROOM}/720p", "1"), (f"/{ROOM}/720p/past", ""), (f"/{ROOM}/720p", "2")]
    receiver.stop()


def test_web_server_that_comes_back_gets_everything_again(pusher: PlaylistPusher, port: int) -> None:
    receiver = Receiver(port)
    pusher.push("720p", 1, PAGE)
    pusher.push("480p", 1, PAGE)
    assert _until(lambda: len(receiver.told) >= 2)
    receiver.stop()
    pusher.push("720p", 2, PAGE)  # lost
    time.sleep(0.3)

    receiver = Receiver(port)

    assert _until(lambda: {(f"/{ROOM}/720p", "2"), (f"/{ROOM}/480p", "1")} <= set(receiver.told))
    receiver.stop()


def test_missing_web_server_is_said_once_and_stops_nothing(
    pusher: PlaylistPusher, caplog: pytest.LogCaptureFixture
) -> None:
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for number in range(200):
            pusher.push("720p", number, PAGE)
        assert time.monotonic() - began < 0.5
        time.sleep(0.7)
        pusher.close()

    assert not pusher.delivered
    assert len(caplog.records) == 1
    assert "cannot be pushed to nginx" in caplog.text
    assert "hook-secret" not in caplog.text


def test_web_server_that_hangs_does_not_hold_the_packager_up(pusher: PlaylistPusher, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        began = time.monotonic()
        for number in range(20):
            pusher.push("720p", number, PAGE)
        assert time.monotonic() - began < 0.5
        time.sleep(0.1)
        pusher.close()
        assert time.monotonic() - began < 3

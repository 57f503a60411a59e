"""What the end-to-end tests hold in their hands: an API caller, a broadcaster, a bare HLS player, a socket."""

import contextlib
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

QUICK = httpx.Timeout(20)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at the API; nobody when the token is empty."""

    base_url: str
    token: str = ""

    def __call__(self, method: str, path: str, **kw: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return httpx.request(method, f"{self.base_url}{path}", headers=headers, timeout=QUICK, **kw)

    def must(self, method: str, path: str, **kw: Any) -> dict[str, Any]:
        reply = self(method, path, **kw)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text}"
        content: dict[str, Any] = reply.json()
        assert content["success"] is True
        return content


def until[T](ask: Callable[[], T | None], *, seconds: float = 60, what: str) -> T:
    """Asks every 50 ms for what has no event to await (a file on a web server, a row behind an API).

    `seconds` is patience for a busy machine, not a promise of speed; benchmarks measure that.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds:g} s")


def broadcast_argv(url: str, *, video: str = "libx264", gop: int = 60, size: str = "1280x720") -> list[str]:
    """The README's line: a moving picture with a tone, keyframes every two seconds."""
    source = ["-re", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=30", "-f", "lavfi", "-i", "sine"]
    encode = ["-c:v", video, "-preset", "ultrafast", "-tune", "zerolatency", "-g", str(gop), "-keyint_min", str(gop)]
    encode += ["-b:v", "1500k", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    return ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", *source, *encode, "-f", "flv", url]


@contextlib.contextmanager
def broadcaster(url: str, **kw: Any) -> Iterator[subprocess.Popen[bytes]]:
    """ffmpeg as an instructor's encoder; killed at the end whatever happens."""
    process = subprocess.Popen(broadcast_argv(url, **kw), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Playlist:
    """One playlist as a bare player sees it."""

    url: str
    status: int
    text: str

    @property
    def uris(self) -> list[str]:
        return [urljoin(self.url, line) for line in self.text.splitlines() if line and not line.startswith("#")]

    @property
    def media_sequence(self) -> int:
        found = re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", self.text)
        return int(found[1]) if found else 0


def playlist(url: str) -> Playlist:
    reply = httpx.get(url, timeout=QUICK)
    return Playlist(url, reply.status_code, reply.text if reply.is_success else "")


def playable(url: str) -> list[Playlist] | None:
    """The media playlists behind a multivariant one, once each lists a segment that can be fetched."""
    main = playlist(url)
    if main.status != 200:
        return None
    media = [playlist(uri) for uri in main.uris]
    if not media or any(one.status != 200 or not one.uris for one in media):
        return None
    assert all(httpx.get(one.uris[-1], timeout=QUICK).status_code == 200 for one in media)
    return media


class Talk:
    """One socket in a room; use it as a context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open = contextlib.ExitStack()
        self.waiting: list[dict[str, Any]] = []

    def __enter__(self) -> "Talk":
        self.socket = self._open.enter_context(connect(self._url, open_timeout=10, proxy=None))
        return self

    def __exit__(self, *args: object) -> None:
        self._open.close()

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def next(self, kind: str, *, seconds: float = 10, **fields: Any) -> dict[str, Any]:
        """The next frame of this kind (and with these fields), passing over others."""
        deadline = time.monotonic() + seconds
        while True:
            while self.waiting:
                frame = self.waiting.pop(0)
                if frame["type"] == kind and all(frame.get(name) == value for name, value in fields.items()):
                    return frame
            received = json.loads(self.socket.recv(timeout=max(0.01, deadline - time.monotonic())))
            self.waiting.extend(received if isinstance(received, list) else [received])

    def close_code(self, *, seconds: float = 10) -> int:
        """Reads until the server closes; its close code."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the connection was cut without a close frame"
            return closed.rcvd.code


def close_code_of(url: str) -> int:
    with Talk(url) as talk:
        return talk.close_code()


def without_token(url: str) -> str:
    return urlsplit(url)._replace(query="").geturl()

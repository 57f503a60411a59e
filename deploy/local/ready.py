"""Asks the processes whether they are there."""

import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.errors import StackError

_ANY = ssl.create_default_context()
_ANY.check_hostname = False
_ANY.verify_mode = ssl.CERT_NONE


def wait(what: str, answers: Callable[[], bool], *, seconds: float, check: Callable[[], None]) -> None:
    """Ask until it answers; `check` may raise early when waiting has become pointless."""
    deadline = time.monotonic() + seconds
    while not answers():
        check()
        if time.monotonic() > deadline:
            raise StackError(f"{what} did not come up within {seconds:.0f} s.")
        time.sleep(0.1)


def redis(port: int, url: str) -> bool:
    password = urlsplit(url).password
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as replies:
                return [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False


def status(url: str, *, seconds: float = 3) -> int:
    """The HTTP status, or 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=seconds, context=_ANY) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return 0


def unix(path: Path, kind: socket.SocketKind) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket(socket.AF_UNIX, kind) as probe:
        return probe.connect_ex(str(path)) == 0


def logged(path: Path, words: str) -> bool:
    """A Celery worker has no port to ask; it says in its log that it takes work."""
    return path.exists() and words in path.read_text(errors="replace")

"""A private Redis without persistence."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import child

DATABASES = 64  # one per xdist worker


@contextmanager
def running(directory: Path, port: int = 0) -> Iterator[str]:
    """Yield the URL without a database number. What it knew is gone with the block; its port may be used again."""
    directory.mkdir(exist_ok=True)
    port = port or child.free_port()
    argv = [child.program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    argv += ["--appendonly", "no", "--databases", str(DATABASES), "--dir", str(directory)]
    with child.running(argv, directory=directory, ready=lambda: _answers(port)):
        yield f"redis://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False

"""A private PostgreSQL that forgets everything: no fsync, in memory where there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services import child

ROLE = "ffc"
DATABASE = "ffc"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",  # every xdist worker, and the processes of the end-to-end stack
    "jit": "off",
}


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """Yield the URL of an empty database whose owner may create more."""
    directory.mkdir()
    user = _unprivileged_user()
    data = directory / "data"
    if user:
        shutil.chown(directory, user)
    _initialise(data, user)
    port = child.free_port()
    argv = [child.program("postgres", *_debian()), "-D", str(data), "-p", str(port)]
    argv += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={directory}"]
    for name, value in FAST.items():
        argv += ["-c", f"{name}={value}"]
    url = f"postgres://{ROLE}@127.0.0.1:{port}"
    with child.running(argv, directory=directory, ready=lambda: _answers(url), user=user):
        with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        yield f"{url}/{DATABASE}"


def _debian() -> list[Path]:
    """Debian keeps the server's programs out of PATH, one directory per major version."""
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package made this user for it."""
    return "postgres" if os.geteuid() == 0 else None


def _initialise(data: Path, user: str | None) -> None:
    argv = [child.program("initdb", *_debian()), "-D", str(data), "-U", ROLE, "--auth=trust", "--no-sync"]
    argv += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    result = subprocess.run(
        argv,
        cwd=data.parent,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if result.returncode:
        raise RuntimeError(f"initdb failed:\n{result.stderr[-2000:]}")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True

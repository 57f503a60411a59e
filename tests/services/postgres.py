"""A private PostgreSQL that forgets everything: no fsync, in memory where there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory and where its server listens, whether it runs or not."""

    directory: Path
    port: int
    user: str | None

    @property
    def url(self) -> str:
        """Of the server; a database's name comes behind it."""
        return f"postgres://{ROLE}@127.0.0.1:{self.port}"


@contextmanager
def running(directory: Path) -> Iterator[str]:
    """Yield the URL of an empty database whose owner may create more."""
    cluster = create(directory)
    with serving(cluster):
        yield create_database(cluster, DATABASE)


def create(directory: Path) -> Cluster:
    """A new cluster in a directory that does not exist yet."""
    directory.mkdir()
    user = _unprivileged_user()
    if user:
        shutil.chown(directory, user)
    _initialise(directory / "data", user)
    return Cluster(directory, child.free_port(), user)


def create_database(cluster: Cluster, name: str) -> str:
    """An empty database of a running server; its URL."""
    with psycopg.connect(f"{cluster.url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{cluster.url}/{name}"


@contextmanager
def serving(cluster: Cluster) -> Iterator[None]:
    """Run the server until the block ends; afterwards it may be run again."""
    argv = [child.program("postgres", *_debian()), "-D", str(cluster.directory / "data"), "-p", str(cluster.port)]
    argv += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={cluster.directory}"]
    for name, value in FAST.items():
        argv += ["-c", f"{name}={value}"]
    with child.running(argv, directory=cluster.directory, ready=lambda: _answers(cluster.url), user=cluster.user):
        yield


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

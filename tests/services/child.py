"""One server process that never outlives the test run."""

import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 90  # patience for a busy machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    argv: list[str], *, directory: Path, ready: Callable[[], bool], user: str | None = None
) -> Iterator[None]:
    """Run argv in `directory` until the block ends; it dies with this process, however that ends."""
    setpriv = ["setpriv", "--pdeathsig", "INT"]
    if user:
        setpriv += ["--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]
    log = directory / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*setpriv, *argv],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the tests, which still need the server to tidy up
        )
    try:
        _wait(process, ready, log)
        yield
    finally:
        process.send_signal(2)  # PostgreSQL: fast shutdown; Redis: the same as TERM
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{process.args!r} did not come up:\n{tail}")
        time.sleep(0.02)


def library(name: str) -> Path:
    """A shared library's path, from where Debian keeps them for each architecture."""
    for candidate in sorted(Path("/usr/lib").glob(f"*/{name}")):
        return candidate
    raise RuntimeError(f"{name} is not installed: `make test` installs it on Debian.")


def program(name: str, *more: Path) -> str:
    """The program's path, from PATH or from the places where Debian hides it."""
    for candidate in (shutil.which(name), *(str(path / name) for path in more)):
        if candidate and Path(candidate).exists():
            return candidate
    raise RuntimeError(f"{name} is not installed: `make test` installs it on Debian.")

"""One process's clock is stepped, forth and back; the machine's stays as it is.

It is the process that says who may watch. Not a media worker: libfaketime 0.9.10 breaks Python's own sleep, which
Celery calls; what a media worker's clock decides (leases) is tested where it is decided.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx

from deploy.local import processes
from tests.e2e.drills.evening import Evening, sockets_answer
from tests.e2e.parts import QUICK, until
from tests.services import child


def test_clock_of_the_verdicts_is_stepped(evening: Evening, tmp_path: Path) -> None:
    hands = tmp_path / "clock"
    hands.write_text("+0s")
    with _sockets_by(hands, evening):
        for step in ("+600s", "-600s"):
            with evening.drill(f"clock of the verdicts stepped by {step}", unseen=True):
                _set(hands, step)
                _one_comes_and_leaves(evening)


def _one_comes_and_leaves(evening: Evening) -> None:
    """The owner of a token of the right time is let in, and refused when it is taken from him."""
    address = evening.guest.must("POST", f"{evening.path}/join")["stream_urls"]["hls_url"]
    assert httpx.get(address, timeout=QUICK).status_code == 200
    evening.guest.must("POST", f"{evening.path}/leave")
    until(lambda: httpx.get(address, timeout=QUICK).status_code == 403, seconds=20, what="the refusal of a guest")


def _set(hands: Path, step: str) -> None:
    new = hands.with_suffix(".new")
    new.write_text(step)
    new.rename(hands)


@contextlib.contextmanager
def _sockets_by(hands: Path, evening: Evening) -> Iterator[None]:
    """Instead of the stack's own socket server, one that reads this clock."""
    running = evening.stack
    environment = running.environment | {
        "LD_PRELOAD": str(child.library("faketime/libfaketime.so.1")),
        "FAKETIME_TIMESTAMP_FILE": str(hands),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    (sockets,) = (process for process in processes.servers(running.stack) if process.name == "sockets")
    running.supervisor.stop(["sockets"])
    with (running.stack.log / "sockets-by-another-clock.log").open("wb") as log:
        server = subprocess.Popen(
            sockets.argv,
            cwd=running.stack.run,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until(lambda: sockets_answer(running), what="a socket server by the other clock")
        yield
    finally:
        server.terminate()
        server.wait(30)
        running.supervisor.start(["sockets"])
        until(lambda: sockets_answer(running), what="the stack's own socket server")

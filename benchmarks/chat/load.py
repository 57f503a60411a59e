"""Drives load.c: many members that read as fast as they can, and what they say about it."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, cast

from benchmarks import harness

_SOURCE = Path(__file__).with_name("load.c")
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Up:
    connected: int
    refused: int
    seconds: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Arrived:
    messages: int  # deliveries: a message that a thousand members have counts a thousand
    frames: int
    bytes: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_seconds: float  # of the load itself
    gone: int


class Load:
    """The members of one process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said: Queue[list[str]] = Queue()
        self.done: Queue[int] = Queue()  # numbers of messages that every member has
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in cast("IO[str]", self._process.stdout):
            words = line.split()
            if words[0] == "done":
                self.done.put(int(words[1]))
            else:
                self._said.put(words)

    def up(self) -> Up:
        """Waits until every member was let in or refused."""
        _, connected, refused, *times = self._said.get(timeout=PATIENCE)
        return Up(int(connected), int(refused), *map(float, times))

    def zero(self) -> None:
        self._tell("zero")

    def stall(self, members: int) -> None:
        self._tell(f"stall {members}")

    def report(self) -> Arrived:
        self._tell("report")
        _, messages, frames, size, p50, p95, p99, cpu, gone = self._said.get(timeout=PATIENCE)
        return Arrived(
            int(messages), int(frames), int(size), float(p50), float(p95), float(p99), float(cpu), int(gone)
        )

    def _tell(self, command: str) -> None:
        feed = cast("IO[str]", self._process.stdin)
        feed.write(command + "\n")
        feed.flush()


@contextmanager
def members(port: int, paths: Sequence[str], *, at_once: int = 128, tls: bool = False) -> Iterator[Load]:
    """One member a path, on the last core, with so many handshakes under way at a time."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "paths")
        listed.write_text("".join(f"{path}\n" for path in paths))
        argv = ["taskset", "-c", harness.LOAD_CORE, str(_built()), str(port), str(listed), str(at_once)]
        process = subprocess.Popen(
            [*argv, *(["tls"] if tls else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield Load(process)
        finally:
            process.kill()
            process.wait()


def _built() -> Path:
    target = harness.ROOT / "var" / "benchmarks" / "chat-load"
    if not target.exists() or target.stat().st_mtime < _SOURCE.stat().st_mtime:
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cc", "-O2", "-o", target, _SOURCE, "-lssl", "-lcrypto"], check=True)
    return target

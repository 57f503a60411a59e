"""One class that everything happens to: its broadcaster, its viewers, and the hands that break things."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg

from deploy.local import control, lifecycle
from tests.e2e.browsing import Visit
from tests.e2e.drills.watching import BarePlayer, Frames, Seen
from tests.e2e.parts import Caller, broadcast_argv, until

# Frames that must be shown in a row before the picture counts as back: two seconds of them.
_MOVING_FRAMES = 60
# Seconds: what a busy machine's browser may swallow. Whatever is refused or broken meanwhile, the bare player hears.
_NOTICED = 5.0


class Encoder:
    """The instructor's ffmpeg, to be started, frozen and killed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, **kw: Any) -> None:
        argv = broadcast_argv(self._url, **kw)
        self._process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@dataclass
class Evening:
    """The class, live. `path` is its stream's address in the API, `frames` the page of a member."""

    stack: lifecycle.RunningStack
    instructor: Caller
    guest: Caller  # who may watch, and does not yet
    path: str
    room_id: str
    ingest_url: str
    encoder: Encoder
    visit: Visit
    frames: Frames
    bare: BarePlayer
    figures: list[str] = field(default_factory=list)
    _stills: list[float] = field(default_factory=list)

    def rows(self, query: LiteralString) -> list[tuple[Any, ...]]:
        """From the stack's database about this room; the query's one parameter is its id."""
        with psycopg.connect(self.stack.stack.database_url) as connection:
            return connection.execute(query, [self.room_id]).fetchall()

    @property
    def transcoders(self) -> list[int]:
        """The ffmpegs that read this class from the ingest."""
        ((name,),) = self.rows("SELECT ingest_name FROM streaming_stream WHERE room_id = %s")
        return [pid for pid in control.strays(self.stack.stack) if _reads(pid, name)]

    @property
    def folder(self) -> Path:
        """Where nginx reads the room's playlists and segments."""
        return self.stack.stack.hls / self.room_id

    def state(self) -> str:
        found: str = self.instructor.must("GET", f"{self.path}/state")["stream"]["state"]
        return found

    def words(self) -> str:
        """What the instructor reads about the signal."""
        found: list[str] = self.instructor.must("GET", f"{self.path}/signal")["signal"]["words"]
        return " ".join(found)

    def happened(self, most: int) -> list[str]:
        """The kinds of what the instructor's timeline tells, the newest first."""
        events = self.instructor.must("GET", f"{self.path}/events")["events"]
        return [event["kind"] for event in events[:most]]

    def delay(self) -> float:
        """Seconds behind the packager, as the page tells its viewer."""
        found = re.match(r"([\d.]+) s behind", self.visit.page.locator("[data-delay]").inner_text())
        return float(found[1]) if found else 60.0

    def look(self) -> Seen:
        """What the page has shown; its stills count for the drill that runs."""
        seen = self.frames.look()
        self._stills += seen.stills
        return seen

    def moves(self) -> None:
        """Waits until the picture runs; every drill begins and ends with it."""
        began = self.look().frames

        def running() -> bool:
            seen = self.look()
            return seen.frames >= began + _MOVING_FRAMES and seen.still < 1

        until(running, seconds=90, what="a moving picture")

    @contextlib.contextmanager
    def drill(self, name: str, *, unseen: bool = False) -> Iterator[None]:
        """Breaks something in the block; afterwards the picture must run, and the figures are printed.

        `unseen`: viewers who are in must not notice.
        """
        self.moves()
        self.bare.take_answers()
        self._stills, before, began = [], self.bare.newest, time.monotonic()
        yield
        self.moves()
        until(lambda: self.bare.newest >= before + 2, what="new segments for the bare player")
        still = max([0.0, *self._stills])
        answers = self.bare.take_answers()
        line = (
            f"{name}: picture still for {still:.1f} s at most, {sum(self._stills):.1f} s in all; running again "
            f"{time.monotonic() - began:.1f} s after the fault, {self.delay():.1f} s behind; "
            f"bare player: {answers}"
        )
        self.figures.append(line)
        print(line)
        assert self.bare.broken == []
        assert self.visit.faults == []
        assert not unseen or (still < _NOTICED and re.fullmatch(r"\d+x 200", answers))


def info(running: lifecycle.RunningStack, name: str) -> control.Info:
    return next(found for found in running.supervisor.processes() if found["name"] == name)


def kill(running: lifecycle.RunningStack, *names: str) -> Callable[[], bool]:
    """Kills processes of the stack with -9; the answer tells whether their successors are up."""
    old = {name: info(running, name)["pid"] for name in names}
    for pid in old.values():
        os.kill(pid, signal.SIGKILL)

    def returned() -> bool:
        found = {name: info(running, name) for name in names}
        return all(one["statename"] == "RUNNING" and one["pid"] != old[name] for name, one in found.items())

    return returned


def sockets_answer(running: lifecycle.RunningStack) -> bool:
    """A process that runs need not listen yet."""
    try:
        return httpx.get(f"http://127.0.0.1:{running.stack.internal.sockets}/_verdict").status_code == 403
    except httpx.TransportError:
        return False


def _reads(pid: int, source: str) -> bool:
    try:
        argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"ffmpeg" in argv[0] and any(word.endswith(f"/{source}".encode()) for word in argv)

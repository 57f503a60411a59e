"""One child process: a session of its own, the tail of its stderr kept, its exit always recorded."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_RING_LINES = 60
_LONGEST_LINE = 500
_AFTER_KILL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Exit:
    """How a child ended. `code` is its exit code, or minus the signal that ended it."""

    code: int
    stderr_tail: str

    @property
    def killed_by(self) -> str:
        return signal.Signals(-self.code).name if self.code < 0 else ""


class Child:
    """Owns a child process from start to reaping. Stop it in steps: `interrupt`, drain its pipes, then `finish`.

    The kernel kills it when the thread that started it dies: a worker killed with -9 leaves no orphan.
    `niceness` below zero raises its priority where that is permitted.
    """

    def __init__(self, argv: Sequence[str], *, pass_fds: Sequence[int] = (), niceness: int = 0) -> None:
        self._process = subprocess.Popen(
            [*tied_to_parent(), *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=tuple(pass_fds),
            start_new_session=True,
        )
        self._ring: deque[str] = deque(maxlen=_RING_LINES)
        self._listener = threading.Thread(target=self._listen, name=f"stderr-{self.pid}", daemon=True)
        self._listener.start()
        if niceness:
            # Not permitted without CAP_SYS_NICE: then the child runs like everybody else.
            with contextlib.suppress(PermissionError, ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self.pid, niceness)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def interrupt(self) -> None:
        """Asks for a clean end: ffmpeg writes its last fragments and leaves."""
        self._signal(signal.SIGINT)

    def kill(self) -> Exit:
        """Ends the whole group at once and reaps it."""
        self._signal(signal.SIGKILL)
        return self._reap(_AFTER_KILL_SECONDS)

    def finish(self, *, grace: float) -> Exit:
        """Waits this long for an end, then asks firmly, then kills. Always reaps."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace)
                break
            self._signal(number)
        return self._reap(_AFTER_KILL_SECONDS)

    def _reap(self, seconds: float) -> Exit:
        code = self._process.wait(seconds)
        # The child is gone, but something it started may hold its group: none of it survives.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._listener.join(1.0)
        if self._process.stderr is not None and not self._listener.is_alive():
            self._process.stderr.close()
        return Exit(code, "\n".join(self._ring))

    def _signal(self, number: signal.Signals) -> None:
        # Only before reaping: afterwards the id may be somebody else's.
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def _listen(self) -> None:
        """Drains stderr for ever: a full pipe would stop the child."""
        stream = self._process.stderr
        if stream is None:
            return
        while line := stream.readline(_LONGEST_LINE):
            self._ring.append(line.decode("utf-8", "replace").rstrip())


def run_briefly(argv: Sequence[str], *, seconds: float) -> bytes | None:
    """What a short-lived program prints; None when it fails or takes longer."""
    with subprocess.Popen(
        [*tied_to_parent(), *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
    return output if process.returncode == 0 else None


def tied_to_parent() -> list[str]:
    """Let setpriv set the parent-death signal and become the program: a hook after fork is unsafe with threads."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL", "--"] if found else []


def die_with_parent() -> None:
    """The kernel kills this process when the thread that forked it ends. Linux only; elsewhere nothing happens."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

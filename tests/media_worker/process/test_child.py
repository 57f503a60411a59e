"""A child is owned to its end: its stderr, its group, its exit, even when we are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from media_worker.process.child import Child, run_briefly

pytestmark = pytest.mark.integration


def _gone(pid: int) -> bool:
    """A zombie that nobody reaps is still a process, but does nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def _soon(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _shell_with_grandchild(path: Path, trap: str = "") -> list[str]:
    return ["sh", "-c", f"{trap} sleep 300 & echo $! > {path}; wait"]


def test_exit_code_and_stderr_are_kept() -> None:
    child = Child(_python("import sys; print('it hurts', file=sys.stderr); sys.exit(7)"))

    end = child.finish(grace=5)

    assert (end.code, end.stderr_tail, end.killed_by) == (7, "it hurts", "")


def test_endless_stderr_is_drained_and_only_its_tail_is_kept() -> None:
    child = Child(_python("import sys\nfor n in range(50_000): print(n, 'x' * 90, file=sys.stderr)"))

    end = child.finish(grace=20)

    assert end.code == 0
    assert len(end.stderr_tail.splitlines()) == 60
    assert end.stderr_tail.splitlines()[-1].startswith("49999 ")


def test_interrupt_is_a_clean_end(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = (
        # A run that was started in the background ignores it, and so would its children.
        "import pathlib, signal, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"try:\n pathlib.Path({str(ready)!r}).touch(); time.sleep(60)\n"
        "except KeyboardInterrupt:\n raise SystemExit(3)"
    )
    child = Child(_python(code))
    assert _soon(ready.exists)

    child.interrupt()

    assert child.finish(grace=5).code == 3


def test_child_that_ignores_everything_is_killed_in_the_end(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    child = Child(["sh", "-c", f"trap '' INT TERM; touch {ready}; while :; do sleep 1; done"])
    assert _soon(ready.exists)
    child.interrupt()

    began = time.monotonic()
    end = child.finish(grace=0.3)

    assert end.killed_by == "SIGKILL"
    assert time.monotonic() - began < 3


def test_whole_group_ends_with_the_child(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    child = Child(_shell_with_grandchild(path))
    assert _soon(lambda: path.exists() and bool(path.read_text().strip()))

    end = child.kill()

    assert end.killed_by == "SIGKILL"
    assert _soon(lambda: _gone(int(path.read_text())))


def test_grandchild_does_not_outlive_a_child_that_ends_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    child = Child(["sh", "-c", f"sleep 300 2>/dev/null & echo $! > {path}"])

    assert child.finish(grace=5).code == 0
    assert _soon(lambda: _gone(int(path.read_text())))


def test_no_orphan_is_left_when_we_are_killed(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    code = (
        "import time\nfrom media_worker.process.child import Child\n"
        f"open({str(path)!r}, 'w').write(str(Child(['sleep', '300']).pid) + '\\n')\ntime.sleep(300)"
    )
    with subprocess.Popen(_python(code), cwd=Path(__file__).parents[3]) as owner:
        assert _soon(lambda: path.exists() and path.read_text().endswith("\n"))
        pid = int(path.read_text())
        assert not _gone(pid)

        owner.kill()

    assert _soon(lambda: _gone(pid))


def test_priority_is_raised_or_the_child_runs_all_the_same() -> None:
    child = Child(["sleep", "300"], niceness=-3)
    try:
        permitted = os.geteuid() == 0
        assert not permitted or os.getpriority(os.PRIO_PROCESS, child.pid) == -3
        assert child.running
    finally:
        child.kill()


def test_child_has_a_session_of_its_own() -> None:
    """Ctrl-C at the terminal is for us: we decide how the child ends."""
    child = Child(["sleep", "300"])
    try:
        assert _soon(lambda: os.getsid(child.pid) == child.pid)
        assert os.getsid(0) != child.pid
    finally:
        assert child.kill().killed_by == signal.SIGKILL.name


def test_brief_program_is_heard_or_cut_short() -> None:
    assert run_briefly(["echo", "hello"], seconds=5) == b"hello\n"
    assert run_briefly(["false"], seconds=5) is None
    assert run_briefly(["sleep", "300"], seconds=0.2) is None


def test_missing_program_is_an_error_or_a_recorded_end() -> None:
    try:
        end = Child(["/nowhere/ffmpeg"]).finish(grace=5)
    except FileNotFoundError:
        return
    assert end.code != 0
    assert "/nowhere/ffmpeg" in end.stderr_tail

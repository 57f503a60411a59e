"""A stack of its own with the demo's database: it starts again what dies, and leaves nothing behind."""

import os
import signal
import tempfile
from pathlib import Path

import httpx

from deploy.local import config, control, lifecycle, ports, progress
from tests.e2e.parts import until


def test_dead_process_is_restarted_and_a_stop_leaves_none() -> None:
    with tempfile.TemporaryDirectory(prefix="ffc-stack-") as folder:
        http, rtmp = ports.pick(2)
        stack = config.Stack(
            state=Path(folder),
            database_url=f"sqlite:///{folder}/demo.sqlite3",
            http_port=http,
            rtmp_port=rtmp,
            broadcast=False,
        )
        running = lifecycle.start(stack, step=progress.silent)
        try:
            for name in ("nginx-http", "nginx-rtmp", "http"):
                _kill_and_see_it_return(running, name)
            until(lambda: _answers(stack), what="an answer from the new processes")
        finally:
            started = control.strays(stack)
            running.stop()

        assert len(started) > 10
        assert [pid for pid in started if control.alive(pid)] == []
        assert control.strays(stack) == []
        assert ports.is_free(http)
        assert ports.is_free(rtmp)


def _kill_and_see_it_return(running: lifecycle.RunningStack, name: str) -> None:
    """Killed with -9 its children stay; the successor must be rid of them before it can open the port."""
    old = _info(running, name)["pid"]
    family = [pid for pid in control.strays(running.stack) if os.getpgid(pid) == old]
    os.kill(old, signal.SIGKILL)

    def returned() -> bool:
        info = _info(running, name)
        return info["statename"] == "RUNNING" and info["pid"] != old

    until(returned, what=f"the return of {name}")

    assert len(family) > 1
    assert [pid for pid in family if control.alive(pid)] == []


def _info(running: lifecycle.RunningStack, name: str) -> control.Info:
    return next(info for info in running.supervisor.processes() if info["name"] == name)


def _answers(stack: config.Stack) -> bool:
    try:
        return httpx.get(stack.public_url).status_code < 500
    except httpx.TransportError:
        return False

"""Talks to the running supervisord, and finds what a killed one left behind."""

import hashlib
import http.client
import os
import signal
import tempfile
import time
import xmlrpc.client
from pathlib import Path
from typing import TypedDict, cast

from supervisor.xmlrpc import SupervisorTransport

from deploy.local import config

SOCKET_LIMIT = 100  # a Unix socket's path ends at 108 bytes, and supervisord adds its pid
RENAMING = {"nginx", "redis-server"}  # these write their titles over the environment they were given


class Info(TypedDict):
    """What supervisord tells about one process, as far as we read it."""

    name: str
    statename: str
    description: str
    pid: int


def socket_path(stack: config.Stack) -> Path:
    path = stack.run / "supervisor.sock"
    if len(str(path)) <= SOCKET_LIMIT:
        return path
    short = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir(), f"ffc-{os.getuid()}-{short}.sock")


class Supervisor:
    """The XML-RPC of one stack's supervisord; OSError when there is none."""

    def __init__(self, stack: config.Stack) -> None:
        self._address = f"unix://{socket_path(stack)}"

    def _call(self, method: str, *arguments: object) -> object:
        """One connection per call: supervisor's transport cannot use one again that has failed."""
        transport = SupervisorTransport(None, None, self._address)
        try:
            server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
            return getattr(server.supervisor, method)(*arguments)
        finally:
            transport.close()

    def pid(self) -> int:
        return cast("int", self._call("getPID"))

    def running(self) -> bool:
        try:
            return bool(self.pid())
        except (OSError, http.client.HTTPException, xmlrpc.client.Error):
            return False

    def processes(self) -> list[Info]:
        return cast("list[Info]", self._call("getAllProcessInfo"))

    def start(self, names: list[str]) -> None:
        for name in names:
            self._call("startProcess", f"{config.GROUP}:{name}", False)  # False: do not wait

    def stop(self, names: list[str]) -> None:
        """Stop these processes and wait for their end."""
        for name in names:
            self._call("stopProcess", f"{config.GROUP}:{name}", True)

    def stop_group(self, *, seconds: float) -> None:
        """Stop all but Redis at once, and wait until they are gone or the time is over."""
        self._call("stopProcessGroup", config.GROUP, False)  # False: do not wait
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if all(info["pid"] == 0 for info in self.processes() if info["name"] != "redis"):
                return
            time.sleep(0.1)

    def shutdown(self) -> None:
        self._call("shutdown")


def strays(stack: config.Stack) -> list[int]:
    """Processes of this stack, whoever their parent is now. Linux only; elsewhere none are found."""
    mark = f"{config.MARK}={stack.state}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = mark in (entry / "environ").read_bytes().split(b"\0")
            if not ours and (entry / "comm").read_text().strip() in RENAMING:
                ours = (entry / "cwd").readlink() == stack.run
        except OSError:  # gone meanwhile, or another user's
            continue
        if ours and int(entry.name) != os.getpid() and not _is_zombie(entry):
            found.append(int(entry.name))
    return found


def end(pids: list[int], *, seconds: float = 4) -> None:
    """Ask the processes to stop, then insist."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in pids:
            _signal(pid, number)
        deadline = time.monotonic() + seconds
        while pids and time.monotonic() < deadline:
            pids = [pid for pid in pids if alive(pid)]
            time.sleep(0.05)


def alive(pid: int) -> bool:
    entry = Path("/proc", str(pid))
    return entry.exists() and not _is_zombie(entry)


def _is_zombie(entry: Path) -> bool:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return

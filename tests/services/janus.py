"""A private Janus, configured like the one of a stack."""

import asyncio
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import janus, ports
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.fields import JsonObject
from media_worker.sfu.janus.secrets import RoomSecrets
from tests.services import child

PORTS = 240


@dataclass
class Server:
    """Where it listens and what opens it. `kill` and `start` are for the tests of its death."""

    config: janus.Janus
    secrets: RoomSecrets = field(default_factory=lambda: RoomSecrets(secrets.token_hex(32)))
    process: subprocess.Popen[bytes] | None = None

    @property
    def path(self) -> str:
        return str(self.config.socket)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start it again, as a supervisor would. Returns at once."""
        with (self.config.folder / "log").open("ab") as log:
            argv = ["setpriv", "--pdeathsig", "KILL", *self.config.argv()]
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(10)

    def listening(self) -> bool:
        """Whether it answers. Connections are taken already by one that gives up a moment later (see `wait`)."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
            probe.settimeout(2)
            try:
                probe.connect(self.path)
                probe.send(b'{"janus": "ping", "transaction": "ready"}')
                return bool(probe.recv(4096))
            except OSError:
                return False

    def wait(self) -> None:
        deadline = time.monotonic() + child.START_SECONDS
        while not self.listening():
            # One start in sixty, Janus' socket thread looks before it is told that it may run, and Janus gives up.
            if self.process is None or self.process.poll() is not None:
                self.start()
            if time.monotonic() > deadline:
                raise RuntimeError((self.config.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    async def handles(self) -> int:
        """How many Janus itself counts, in all sessions."""
        admin = Admin(self)
        await admin.open()
        try:
            return await admin.handles()
        finally:
            await admin.close()

    async def holding(self, wanted: int) -> None:
        """Until Janus counts this many handles: an end is done a moment after it was asked for."""
        async with asyncio.timeout(10):
            while await self.handles() != wanted:  # noqa: ASYNC110 -- Janus tells nobody
                await asyncio.sleep(0.02)


class Admin:
    """Janus' admin API, for counting."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._link = AdminLink(str(server.config.admin_socket), "", lost=lambda: None)

    async def open(self) -> None:
        await self._link.open()

    async def close(self) -> None:
        await self._link.close()

    async def handles(self) -> int:
        secret: JsonObject = {"admin_secret": self._server.secrets.admin_secret}
        sessions = (await self._link.request({"janus": "list_sessions", **secret}))["sessions"]
        assert isinstance(sessions, list)
        total = 0
        for session in sessions:
            asked: JsonObject = {"janus": "list_handles", "session_id": session, **secret}
            found = (await self._link.request(asked))["handles"]
            assert isinstance(found, list)
            total += len(found)
        return total


class AdminLink(Janus):
    """The same transport without a session."""

    async def open(self) -> None:
        await self._open()


@contextmanager
def running() -> Iterator[Server]:
    """Until the block ends; it dies with this process, however that ends."""
    with tempfile.TemporaryDirectory(prefix="ffc-janus-") as folder:
        server = Server(janus.Janus(folder=Path(folder, "j"), ports=ports.pick_udp(PORTS)))
        janus.write(server.config, server.secrets)
        server.start()
        try:
            server.wait()
            yield server
        finally:
            server.kill()

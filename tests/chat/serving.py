"""A real uvicorn on the test's database, and a client that is not our server's library."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.chat.conftest import Frame
from tests.services.child import free_port

PROGRAM = """
import json
import sys
import uvicorn
import fitfriends.asgi
exec(sys.argv[3])
uvicorn.run("fitfriends.asgi:application", host="127.0.0.1", port=int(sys.argv[1]), ws_max_size=65536,
            access_log=False, log_level="info", **json.loads(sys.argv[2]))
"""
AS_WE_RUN_IT = {"ws": "chat.realtime.transport:RoomProtocol", "ws_per_message_deflate": False}


@contextmanager
def serving(
    folder: Path, *, prelude: str = "", options: Mapping[str, object] = AS_WE_RUN_IT, **environment: str
) -> Iterator[str]:
    """Its ws:// address; what it says is in `folder`/log. `prelude` runs in it first; `options` are uvicorn's."""
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fitfriends.settings.test",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}",
        **environment,
    }
    port, log = free_port(), folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(port), json.dumps(options), prelude],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 150
        while not _listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield f"ws://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def heard(client: ClientConnection, kind: str) -> Frame:
    async with asyncio.timeout(10):
        while True:
            found = json.loads(await client.recv())
            for frame in found if isinstance(found, list) else [found]:
                if frame["type"] == kind:
                    kept: Frame = frame
                    return kept


async def close_code(client: ClientConnection) -> int | None:
    async with asyncio.timeout(10):
        try:
            while True:
                await client.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

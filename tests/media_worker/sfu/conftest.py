"""A real Janus of this process' tests, and a connection to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from media_worker.sfu.gateway.server import Gateway as Server
from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.secrets import RoomSecrets
from tests.media_worker.sfu import gateways
from tests.services import janus as service


@pytest.fixture(scope="session")
def janus_server() -> Iterator[service.Server]:
    """One for all tests; each leaves it as it found it."""
    with service.running() as server:
        yield server


@pytest.fixture
def secrets(janus_server: service.Server) -> RoomSecrets:
    return janus_server.secrets


@pytest.fixture
async def janus(janus_server: service.Server) -> AsyncIterator[Janus]:
    """A connection with a session; afterwards Janus holds no handle more than before."""
    before = await janus_server.handles()
    connection = Janus(janus_server.path, janus_server.secrets.api_secret, lost=lambda: None)
    await connection.connect()
    yield connection
    await connection.close()
    await janus_server.holding(before)


@pytest.fixture
async def server(janus_server: service.Server, tmp_path: Path) -> AsyncIterator[Server]:
    """A gateway that has reached Janus; afterwards Janus holds nothing of it."""
    before = await janus_server.handles()
    async with gateways.serving(janus_server, tmp_path / "sfu.sock") as server:
        await gateways.until(lambda: server.hub.host.janus is not None)
        yield server
    await janus_server.holding(before)


@pytest.fixture
async def stage(server: Server, tmp_path: Path) -> AsyncIterator[gateways.Stage]:
    """A client; when all its peers are gone, so are their handles."""
    async with gateways.staged(tmp_path / "sfu.sock") as stage:
        before = (await stage.client.count()).handles
        yield stage
    await gateways.until(lambda: not server.hub.counts().peers)
    await server.hub.host.settled()
    # One stays for the mountpoints, from the first on.
    await gateways.until(lambda: server.hub.counts().handles <= before + 1)

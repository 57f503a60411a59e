"""A real Janus of this process' tests, and a connection to it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from media_worker.sfu.janus import Janus
from media_worker.sfu.secrets import Locks
from tests.services import janus as service


@pytest.fixture(scope="session")
def janus_server() -> Iterator[service.Server]:
    """One for all tests; each leaves it as it found it."""
    with service.running() as server:
        yield server


@pytest.fixture
def locks(janus_server: service.Server) -> Locks:
    return janus_server.locks


@pytest.fixture
async def janus(janus_server: service.Server) -> AsyncIterator[Janus]:
    """A connection with a session; afterwards Janus holds no handle more than before."""
    before = await janus_server.handles()
    connection = Janus(janus_server.path, janus_server.locks.api_secret, lost=lambda: None)
    await connection.connect()
    yield connection
    await connection.close()
    await janus_server.holding(before)

"""What a room shows: the stream at the RTMP door from its first viewer to its last, or the publisher's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from media_worker.sfu.gateway.host import Timeouts
from tests.deploy.conftest import stack
from tests.deploy.ingest import KEY, ROOM, ingest
from tests.deploy.ingest import Ingest as Door
from tests.media_worker.owner import ffmpegs
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.bridge.test_rtmp_pull import Encoder
from tests.media_worker.sfu.gateways import flows
from tests.services import janus as service

__all__ = ["ingest", "stack"]  # fixtures

pytestmark = pytest.mark.media


@pytest.fixture
def encoder(ingest: Door) -> Iterator[None]:
    running = Encoder(ingest.url(KEY), "-tune", "zerolatency")
    yield
    running.stop()


@pytest.mark.usefixtures("encoder")
async def test_stream_is_pulled_while_somebody_watches(
    janus_server: service.Server, ingest: Door, tmp_path: Path
) -> None:
    path, soon = tmp_path / "sfu.sock", Timeouts(linger=0.3)
    async with gateways.serving(janus_server, path, timeouts=soon) as server, gateways.staged(path) as stage:
        await gateways.until(lambda: server.hub.host.janus is not None)
        first, one = await stage.view(pull_url=ingest.url(ROOM))
        second, two = await stage.view(person="dov", pull_url=ingest.url(ROOM))
        await flows(one)
        await flows(two)
        counts = await stage.client.count()
        assert (counts.mounts, counts.viewers) == (1, 2)

        await stage.client.close(first.peer)
        await flows(two)
        await stage.client.close(second.peer)

        await gateways.until(lambda: server.hub.counts().mounts == 0)
        await server.hub.host.settled()
        assert len(ffmpegs()) == 1  # the encoder's own


@pytest.mark.usefixtures("encoder")
async def test_publisher_takes_the_place_of_the_stream(
    janus_server: service.Server, ingest: Door, tmp_path: Path
) -> None:
    path = tmp_path / "sfu.sock"
    async with gateways.serving(janus_server, path) as server, gateways.staged(path) as stage:
        await gateways.until(lambda: server.hub.host.janus is not None)
        watching, _ = await stage.view(pull_url=ingest.url(ROOM))

        await stage.publish()

        assert await stage.gone(watching.peer) == "source"
        _, viewer = await stage.view(pull_url=ingest.url(ROOM))
        await flows(viewer)
        assert (await stage.client.count()).mounts == 0

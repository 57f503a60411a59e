"""Many viewers at once, and viewers that complain: the publisher is not asked for more than it can give."""

import asyncio
from pathlib import Path

from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services import janus as service

VIEWERS = 16


async def test_viewers_do_not_starve_the_publisher(janus_server: service.Server, tmp_path: Path) -> None:
    path = tmp_path / "sfu.sock"
    async with gateways.serving(janus_server, path, seats=VIEWERS) as server, gateways.staged(path) as stage:
        await gateways.until(lambda: server.hub.host.janus is not None)
        publisher = Publisher()
        await stage.publish(publisher)
        began = asyncio.get_running_loop().time()
        asked = publisher.asked

        async def join(number: int) -> Viewer:
            _, viewer = await stage.view(person=f"viewer-{number}")
            await gateways.flows(viewer, "video")
            return viewer

        viewers = await asyncio.gather(*(join(number) for number in range(VIEWERS)))
        for _ in range(10):
            await asyncio.gather(*(viewer.complain() for viewer in viewers))
            await asyncio.sleep(0.1)

        lasted = asyncio.get_running_loop().time() - began
        # 160 requests of viewers became one a second, beside the regular one every two.
        assert publisher.asked - asked <= 3 + 1.5 * lasted

"""The gateway as a process: python -m media_worker.sfu. Configured by the environment, see docs/settings.md."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from media_worker.sfu.gateway.host import Host
from media_worker.sfu.gateway.server import Gateway
from media_worker.sfu.janus.secrets import RoomSecrets

_NEEDED = ("SFU_SOCKET", "JANUS_SOCKET", "SFU_SECRET", "WEBRTC_SEATS")


async def serve() -> None:
    """Until it is asked to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host = Host(RoomSecrets(os.environ["SFU_SECRET"]), seats=int(os.environ["WEBRTC_SEATS"]))
    gateway = Gateway(host, path=Path(os.environ["SFU_SOCKET"]), janus=os.environ["JANUS_SOCKET"])
    await gateway.start()
    await stop.wait()
    await gateway.close()


def main() -> None:
    missing = [name for name in _NEEDED if not os.environ.get(name)]
    if missing:
        sys.exit(f"Not set: {', '.join(missing)}.")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    asyncio.run(serve())


if __name__ == "__main__":
    main()

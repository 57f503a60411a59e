"""A publisher that flashes and beeps, as a process of its own.

`talking JANUS_SOCKET CODEC SECONDS_LATE`, with SFU_SECRET in the environment. Says its streams as a line of JSON
when it is on air, leaves when its standard input ends.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict

from media_worker.sfu.janus.client import Janus
from media_worker.sfu.janus.secrets import RoomSecrets
from media_worker.sfu.janus.videoroom import VideoRoom
from tests.media_worker.sfu import talker

ROOM, FEED = "loss", "feed"


async def talk(path: str, codec: str, late: float) -> None:
    secrets = RoomSecrets(os.environ["SFU_SECRET"])
    janus = Janus(path, secrets.api_secret, lost=lambda: None)
    await janus.connect()
    one = await talker.join(VideoRoom(janus, room=ROOM, secrets=secrets), FEED, codec=codec, late=late)
    print(json.dumps([asdict(stream) for stream in one.published.streams]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await one.leave()
    await janus.close()


if __name__ == "__main__":
    asyncio.run(talk(sys.argv[1], sys.argv[2], float(sys.argv[3])))

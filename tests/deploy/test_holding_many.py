"""Many players at once: released together, and not more of them than we can hold."""

import asyncio
import time

import pytest

from tests.deploy.conftest import HELD_SECONDS, ROOM, TOKEN, Door
from tests.deploy.test_holding import MEDIA, ask, put


def test_token_that_holds_too_many_is_told_so(door: Door) -> None:
    put(door, 5, 3)
    ask(door, MEDIA)  # the verdict is known
    workers, most = 2, 24

    async def flood() -> list[int]:
        return await asyncio.gather(*(_status(door, TOKEN) for _ in range(workers * most + 30)))

    statuses = asyncio.run(flood())

    assert statuses.count(429) >= 10
    assert set(statuses) == {200, 429}
    assert ask(door, MEDIA)[0].status_code == 200


@pytest.mark.usefixtures("long_holds")
def test_thousand_players_are_released_by_one_part(door: Door) -> None:
    tokens = [f"{TOKEN}-{number:03d}" for number in range(100)]
    door.sockets.verdicts.update({(ROOM, token): 200 for token in tokens})
    put(door, 5, 3)

    seconds = sorted(asyncio.run(_thousand(door, tokens)))

    print(f"released after p50 {seconds[500]:.3f} s, p99 {seconds[990]:.3f} s, last {seconds[-1]:.3f} s")
    assert len(seconds) == 1000
    assert seconds[-1] < HELD_SECONDS - 1, "they were let go by their time, not by the part"


async def _thousand(door: Door, tokens: list[str]) -> list[float]:
    """Each on a connection of its own; seconds from the PUT to the first byte."""
    ended: list[float] = []

    async def one(token: str) -> None:
        status = await _status(door, token)
        ended.append(time.monotonic())
        assert status == 200

    for token in tokens:  # the verdicts of all are known before anybody waits
        await _status(door, token, "")
    put(door, 5, 3)
    waiting = [asyncio.create_task(one(token)) for token in tokens * 10]
    await asyncio.sleep(1)
    assert not ended
    begun = time.monotonic()
    await asyncio.to_thread(put, door, 5, 4)
    await asyncio.gather(*waiting)
    return [at - begun for at in ended]


async def _status(door: Door, token: str, query: str = "_HLS_msn=5&_HLS_part=3") -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.stack.http_port)
    path = f"/hls/{ROOM}/{token}/720p/playlist.m3u8?{query}"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n")
    writer.close()
    return int(head.split()[1])

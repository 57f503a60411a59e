"""Hands playlists over as the packager does, and lets a thousand players wait for one."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benchmarks.harness import Row
from deploy.local.config import Stack
from media_worker.packager import playlist_sink

PLAYERS = 1000
SEGMENT = 60  # the one that is being written
# One worker counts them all: the limits of an address (1,000) and of a token (24) must not be met.
EACH = 5


def put(stack: Stack, room: str, page: str, parts: int) -> None:
    """The playlist with so many parts of its last segment."""
    reply = httpx.put(
        f"http://127.0.0.1:{stack.internal.push}/{room}/720p",
        content=page,
        headers={"X-Hook-Secret": "hook-secret", "X-Version": str(playlist_sink.version(SEGMENT, parts))},
    )
    reply.raise_for_status()


@contextmanager
def handed_over(stack: Stack, room: str, page: str) -> Iterator[None]:
    """The packager repeats itself every second while the block runs."""
    ended = threading.Event()

    def repeat() -> None:
        put(stack, room, page, 1)
        while not ended.wait(1):
            put(stack, room, page, 1)

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def released(stack: Stack, room: str, tokens: list[str], page: str) -> Row:
    """From the PUT of a part to each player's first byte; every player on a connection of its own."""
    seconds = sorted(asyncio.run(_released(stack, room, tokens, page)))
    p50, p99 = seconds[PLAYERS // 2] * 1000, seconds[PLAYERS * 99 // 100] * 1000
    return Row("release of 1,000 held reloads", PLAYERS / seconds[-1], p50, p99, PLAYERS - len(seconds))


async def _released(stack: Stack, room: str, tokens: list[str], page: str) -> list[float]:
    ended: list[float] = []
    await asyncio.to_thread(put, stack, room, page, 1)
    for token in tokens:  # the verdicts of all are known before anybody waits
        await _first_line(stack, f"/hls/{room}/{token}/720p/playlist.m3u8")

    async def one(token: str) -> None:
        line = await _first_line(stack, f"/hls/{room}/{token}/720p/playlist.m3u8?_HLS_msn={SEGMENT}&_HLS_part=1")
        ended.append(time.monotonic())
        if b" 200 " not in line:
            raise RuntimeError(f"a player got {line!r}")

    waiting = [asyncio.create_task(one(token)) for token in tokens[: PLAYERS // EACH] * EACH]
    await asyncio.sleep(1)
    if ended:
        raise RuntimeError("players were not held")
    begun = time.monotonic()
    await asyncio.to_thread(put, stack, room, page, 2)
    await asyncio.gather(*waiting)
    return [at - begun for at in ended]


async def _first_line(stack: Stack, path: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.http_port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return await reader.readuntil(b"\r\n")
    finally:
        writer.close()

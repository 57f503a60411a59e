"""Nobody holds everything: limits by address and in all; and what a dying nginx does to those it held."""

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from deploy.local import config, programs, ready
from tests.deploy.conftest import ROOM, TOKEN, Door, set_limits
from tests.deploy.test_holding import MEDIA, ask, held, page, pool, put
from tests.services import child

__all__ = ["pool"]  # a fixture

WORKERS = 2
HOLD_SECONDS = 2
SEGMENT = f"/hls/{ROOM}/{TOKEN}/720p/seg-1.m4s"


@pytest.fixture
def stack(stack: config.Stack) -> config.Stack:
    """With limits that a test reaches."""
    set_limits(stack, held_most=40, held_per_token=400, held_per_address=10)
    return stack


async def _ask(door: Door, source: str, path: str = f"{MEDIA}?_HLS_msn=5&_HLS_part=3") -> bytes:
    """The whole answer to somebody at this address of loopback; empty when the connection breaks."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.stack.http_port, local_addr=(source, 0))
    except OSError:
        return b""
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return await reader.read()
    except OSError:
        return b""
    finally:
        writer.close()


def _status(answer: bytes) -> int:
    return int(answer.split()[1]) if answer else 0


def test_held_no_longer_than_a_target_duration(door: Door) -> None:
    put(door, 5, 3)

    reply, seconds = ask(door, MEDIA, msn=5, part=3)

    assert (reply.status_code, reply.text) == (200, page(5, 3))
    assert seconds > HOLD_SECONDS - 0.1


def test_reload_lets_players_go(door: Door, pool: ThreadPoolExecutor) -> None:
    put(door, 5, 3)
    waiting = [held(pool, door, msn=5, part=3) for _ in range(4)]

    door.reload()

    # The old workers answer what there is; nobody sees an error.
    assert {(future.result()[0].status_code, future.result()[0].text) for future in waiting} == {(200, page(5, 3))}


def test_address_that_holds_too_many_is_told_so_and_nobody_else(door: Door) -> None:
    put(door, 5, 3)
    httpx.get(door.url + MEDIA)

    async def crowd() -> tuple[list[int], int, int]:
        greedy = [asyncio.create_task(_ask(door, "127.0.0.2")) for _ in range(WORKERS * 10 + 15)]
        await asyncio.sleep(0.4)
        other = asyncio.create_task(_ask(door, "127.0.0.3"))
        await asyncio.sleep(0.2)
        assert not other.done(), "somebody else's request is not held"
        # Who holds all that it may still plays what is there.
        plays = _status(await _ask(door, "127.0.0.2", SEGMENT))
        await asyncio.to_thread(put, door, 5, 4)
        return [_status(answer) for answer in await asyncio.gather(*greedy)], _status(await other), plays

    statuses, other, plays = asyncio.run(crowd())

    assert set(statuses) == {200, 429}
    assert statuses.count(429) >= 15
    assert (other, plays) == (200, 200)


def test_no_more_are_held_than_all_may_together(door: Door) -> None:
    put(door, 5, 3)
    httpx.get(door.url + MEDIA)

    async def crowd() -> tuple[list[int], bytes, bytes]:
        sources = [f"127.0.1.{number % 25 + 1}" for number in range(WORKERS * 40 + 30)]
        held = [asyncio.create_task(_ask(door, source)) for source in sources]
        await asyncio.sleep(0.5)
        there = await _ask(door, "127.0.0.3", f"{MEDIA}?_HLS_msn=5&_HLS_part=2")
        media = await _ask(door, "127.0.0.3", SEGMENT)
        await asyncio.to_thread(put, door, 5, 4)
        return [_status(answer) for answer in await asyncio.gather(*held)], there, media

    statuses, there, media = asyncio.run(crowd())

    assert set(statuses) <= {200, 429, 503}
    assert statuses.count(503) >= 1
    assert (_status(there), _status(media)) == (200, 200)
    assert httpx.get(door.url + MEDIA).text == page(5, 4)


def test_too_many_are_told_when_to_come_back(door: Door) -> None:
    put(door, 5, 3)
    httpx.get(door.url + MEDIA)

    async def crowd() -> list[bytes]:
        return await asyncio.gather(*(_ask(door, "127.0.0.2") for _ in range(WORKERS * 10 + 5)))

    refused = [answer for answer in asyncio.run(crowd()) if _status(answer) == 429]
    assert refused
    assert all(b"\r\nRetry-After: 1\r\n" in answer and b"no-store" in answer for answer in refused)
    assert all(b"\r\nAccess-Control-Allow-Origin: *\r\n" in answer for answer in refused)


def _children(pid: int) -> list[int]:
    return [int(name) for name in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill(stack: config.Stack) -> None:
    master = int((stack.run / "nginx-http.pid").read_text())
    for pid in (master, *_children(master)):
        os.kill(pid, signal.SIGKILL)


def test_killed_worker_breaks_its_connections_and_the_next_request_works(door: Door) -> None:
    put(door, 5, 3)
    httpx.get(door.url + MEDIA)

    async def crowd() -> list[bytes]:
        held = [asyncio.create_task(_ask(door, f"127.0.0.{number + 2}")) for number in range(8)]
        await asyncio.sleep(0.4)
        for pid in _children(int((door.stack.run / "nginx-http.pid").read_text())):
            os.kill(pid, signal.SIGKILL)
        return await asyncio.wait_for(asyncio.gather(*held), 10)

    assert asyncio.run(crowd()) == [b""] * 8
    _until_up(door)
    assert put(door, 5, 4) == 204
    assert httpx.get(f"{door.url}{MEDIA}?_HLS_msn=5&_HLS_part=3").text == page(5, 4)


def test_killed_nginx_starts_again_and_asks_for_verdicts_anew(stack: config.Stack, door: Door) -> None:
    put(door, 5, 3)
    httpx.get(door.url + MEDIA)
    asked = len(door.sockets.asked)

    async def crowd() -> list[bytes]:
        held = [asyncio.create_task(_ask(door, f"127.0.0.{number + 2}")) for number in range(8)]
        await asyncio.sleep(0.4)
        await asyncio.to_thread(_kill, stack)
        return await asyncio.wait_for(asyncio.gather(*held), 10)

    assert asyncio.run(crowd()) == [b""] * 8
    argv = [programs.find("nginx"), "-e", "stderr", "-p", str(stack.run), "-c", str(stack.run / "nginx-http.conf")]
    with child.running(argv, directory=stack.log, ready=lambda: ready.status(f"{door.url}/") == 200):
        assert put(door, 5, 4) == 204
        assert httpx.get(f"{door.url}{MEDIA}?_HLS_msn=5&_HLS_part=3").text == page(5, 4)
        assert len(door.sockets.asked) > asked


def _until_up(door: Door) -> None:
    deadline = time.monotonic() + 10
    while ready.status(f"{door.url}/") != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)

"""What nginx remembers of verdicts: asked for once by many, and not pushed out by made-up tokens."""

import asyncio
import secrets
import time

import httpx
import pytest

from tests.deploy.conftest import ROOM, SEGMENT, SHORT_VERDICTS, TOKEN, Door

WORKERS = 2


def part(token: str) -> str:
    return f"/hls/{ROOM}/{token}/720p/seg-1.m4s"


async def _statuses(door: Door, tokens: list[str], *, at_once: int) -> list[int]:
    turn = asyncio.Semaphore(at_once)

    async def one(token: str) -> int:
        async with turn:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.stack.http_port)
            try:
                writer.write(f"GET {part(token)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                return int((await reader.readuntil(b"\r\n")).split()[1])
            finally:
                writer.close()

    return await asyncio.gather(*(one(token) for token in tokens))


def test_many_requests_of_one_token_ask_once(door: Door) -> None:
    assert set(asyncio.run(_statuses(door, [TOKEN] * 100, at_once=100))) == {200}

    assert len(door.sockets.asked) <= WORKERS


@pytest.mark.parametrize("stack", [SHORT_VERDICTS], indirect=True)
def test_made_up_tokens_push_no_viewer_out(door: Door) -> None:
    assert httpx.get(door.url + part(TOKEN)).status_code == 200
    made_up = [f"made.up-{secrets.token_hex(60)}" for _ in range(3000)]

    assert set(asyncio.run(_statuses(door, made_up, at_once=3))) == {403}

    door.stop(door.sockets)
    time.sleep(door.stack.verdict_seconds + 0.1)  # beyond its own time: only one that was kept lets anybody go on
    reply = httpx.get(door.url + part(TOKEN))
    assert (reply.status_code, reply.content) == (200, SEGMENT)


def test_refusal_is_never_stale(door: Door) -> None:
    other = f"{TOKEN}-of-somebody"
    assert httpx.get(door.url + part(other)).status_code == 403

    door.stop(door.sockets)
    time.sleep(1.1)

    reply = httpx.get(door.url + part(other))
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")


def test_token_opens_its_own_room_only_though_it_is_known(door: Door) -> None:
    assert httpx.get(door.url + part(TOKEN)).status_code == 200

    for room in ("room-0123456789abcdef", f"{ROOM}0"):
        assert httpx.get(door.url + part(TOKEN).replace(ROOM, room)).status_code == 403


def test_head_and_ranges_are_checked_like_everything(door: Door) -> None:
    head = httpx.head(door.url + part(TOKEN))
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(SEGMENT)), b"")

    assert httpx.head(door.url + part(f"{TOKEN}-forged")).status_code == 403
    assert httpx.get(door.url + part(f"{TOKEN}-forged"), headers={"Range": "bytes=0-9"}).status_code == 403


def test_preflight_says_what_may_be_asked(door: Door) -> None:
    reply = httpx.options(door.url + part(TOKEN), headers={"Access-Control-Request-Headers": "range"})

    assert reply.status_code == 204
    assert reply.headers["access-control-allow-headers"] == "Range"
    assert reply.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert door.sockets.asked == []


def test_reload_of_nginx_forgets_no_verdict(door: Door) -> None:
    assert httpx.get(door.url + part(TOKEN)).status_code == 200

    door.reload()

    assert httpx.get(door.url + part(TOKEN)).status_code == 200
    assert len(door.sockets.asked) == 1

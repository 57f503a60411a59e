"""An edge of our own in a network namespace of its own: one pull for many viewers, a verdict for each."""

import asyncio
import os
import subprocess
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.edge import config as edge
from deploy.local import config, ports, programs, ready
from tests.deploy.conftest import ROOM, SEGMENT, TOKEN, Door, write_configuration
from tests.deploy.test_holding import page, put
from tests.services import child

pytestmark = pytest.mark.integration

SECRET = "0123456789abcdef" * 3
OTHER = "another.token-for_the_room"
PLAYLIST = f"/hls/{ROOM}/playlist.m3u8?token={TOKEN}"
PART = f"/hls/{ROOM}/{TOKEN}/720p/seg-1.m4s"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the edge lives: the origin's address as seen from it, its own, and how a process gets there."""

    origin: str
    address: str
    enter: list[str]


@pytest.fixture
def place() -> Iterator[Place]:
    name, third = f"ffc{os.getpid()}", os.getpid() % 250
    inside = ["ip", "netns", "exec", name]
    steps = [
        ["ip", "netns", "add", name],
        ["ip", "link", "add", f"v{name}", "type", "veth", "peer", "name", f"w{name}"],
        ["ip", "link", "set", f"w{name}", "netns", name],
        ["ip", "addr", "add", f"10.231.{third}.1/24", "dev", f"v{name}"],
        ["ip", "link", "set", f"v{name}", "up"],
        [*inside, "ip", "addr", "add", f"10.231.{third}.2/24", "dev", f"w{name}"],
        [*inside, "ip", "link", "set", f"w{name}", "up"],
        [*inside, "ip", "link", "set", "lo", "up"],
    ]
    try:
        for step in steps:
            subprocess.run(step, check=True, capture_output=True)
        yield Place(f"10.231.{third}.1", f"10.231.{third}.2", inside)
    except (OSError, subprocess.CalledProcessError) as error:
        if isinstance(error, subprocess.CalledProcessError) and error.cmd not in steps:
            raise
        warnings.warn(f"no network namespace here ({error}): the edge is tried on loopback", ResourceWarning, 2)
        yield Place("127.0.0.1", "127.0.0.1", [])
    finally:
        subprocess.run(["ip", "link", "del", f"v{name}"], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@pytest.fixture
def stack(tmp_path: Path, place: Place) -> config.Stack:
    http, rtmp = ports.pick(2)
    found = config.Stack(
        state=tmp_path / "a state",
        database_url="sqlite://:memory:",
        http_port=http,
        rtmp_port=rtmp,
        extra={"EDGE_SECRET": SECRET},
    )
    if place.enter:
        found = replace(found, bind="0.0.0.0")  # noqa: S104 -- the edge comes from another address
    write_configuration(found)
    return found


@dataclass
class Served:
    url: str
    log: Path


@pytest.fixture
def served(door: Door, place: Place, tmp_path: Path) -> Iterator[Served]:
    (run := tmp_path / "edge").mkdir()
    (port,) = ports.pick(1)
    origin = f"http://{place.origin}:{door.stack.http_port}"
    made = edge.Edge(run=run, origin=origin, secret=SECRET, port=port, cache_mb=16, verdict_seconds=2)
    path = edge.write(made)
    url = f"http://{place.address}:{port}"
    argv = [*place.enter, programs.find("nginx"), "-e", "stderr", "-p", str(run), "-c", str(path)]
    with child.running(argv, directory=run, ready=lambda: ready.status(url) == 404):
        yield Served(url, run / "log")


def pulled(door: Door, name: str) -> int:
    """How often somebody asked the origin for the file."""
    time.sleep(0.1)
    return sum(name in line for line in door.log.read_text().splitlines())


def test_two_viewers_are_one_pull_and_two_verdicts(door: Door, served: Served) -> None:
    door.sockets.verdicts[ROOM, OTHER] = 200
    replies = [httpx.get(served.url + PART)]
    # A viewer has the last byte a moment before the edge's cache knows that it has it.
    assert pulled(door, "seg-1.m4s") == 1
    replies += [httpx.get(served.url + PART.replace(TOKEN, token)) for token in (OTHER, TOKEN)]

    assert [(reply.status_code, reply.content) for reply in replies] == [(200, SEGMENT)] * 3
    assert {reply.headers["cache-control"] for reply in replies} == {"private, max-age=31536000, immutable"}
    assert pulled(door, "seg-1.m4s") == 1
    assert len(door.sockets.asked) == 2
    ranged = httpx.get(served.url + PART, headers={"Range": "bytes=5-9"})
    assert (ranged.status_code, ranged.content) == (206, SEGMENT[5:10])


def test_the_playlist_carries_the_viewers_token_and_not_the_edges(door: Door, served: Served) -> None:
    door.sockets.verdicts[ROOM, OTHER] = 200
    for token in (TOKEN, OTHER):
        reply = httpx.get(served.url + PLAYLIST.replace(TOKEN, token))
        assert reply.text == f"#EXTM3U\n{token}/720p/playlist.m3u8\n{token}/480p/playlist.m3u8\n"
        assert reply.headers["cache-control"] == "no-store"
        assert SECRET not in str(reply.headers) + reply.text
    media = httpx.get(f"{served.url}/hls/{ROOM}/{TOKEN}/720p/playlist.m3u8?_HLS_msn=0&_HLS_part=0&evil=1")
    assert (media.status_code, media.headers["cache-control"]) == (200, "no-store")
    assert media.headers.get_list("access-control-allow-origin") == ["*"]


def test_delta_and_full_playlist_are_kept_apart(door: Door, served: Served) -> None:
    head = {"X-Hook-Secret": "hook-secret"}
    push = f"http://127.0.0.1:{door.stack.internal.push}/{ROOM}/720p"
    named = head | {"X-Past": "0123abcd"}
    httpx.put(push, content="skip recent", headers=named | {"X-Version": "4096", "X-Skip": "5"})
    httpx.put(f"{push}/past", content="past ", headers=named)
    media = f"{served.url}/hls/{ROOM}/{TOKEN}/720p/playlist.m3u8"

    answers = [
        httpx.get(f"{media}{query}").text
        for query in ("?_HLS_skip=YES", "", "?_HLS_skip=v2&_HLS_msn=0", "?_HLS_msn=0", "?_HLS_skip=no&evil=1")
    ]

    assert answers == ["skip recent", "past recent", "skip recent", "past recent", "past recent"]
    kept = b"".join(path.read_bytes() for path in (served.log.parent / "edge" / "media").rglob("*") if path.is_file())
    for key in (b"", b"?_HLS_skip=YES", b"?_HLS_msn=0&_HLS_skip=YES", b"?_HLS_msn=0"):
        assert f"KEY: {ROOM}/720p/playlist.m3u8".encode() + key + b"\n" in kept
    assert b"evil" not in kept


def test_a_revoked_viewer_is_out_also_of_what_is_cached(door: Door, served: Served) -> None:
    assert httpx.get(served.url + PART).status_code == 200
    door.sockets.verdicts.clear()

    deadline = time.monotonic() + 5
    while httpx.get(served.url + PART).status_code == 200:
        assert time.monotonic() < deadline, "a revoked viewer still watches after 5 s"
        time.sleep(0.1)
    reply = httpx.get(served.url + PART)
    assert (reply.status_code, reply.text) == (403, "Refused.\n")
    assert httpx.get(served.url + PART.replace(TOKEN, f"edge.{SECRET}")).status_code == 403


def test_the_class_goes_on_at_the_edge_while_the_application_is_down(door: Door, served: Served) -> None:
    assert httpx.get(served.url + PART).status_code == 200
    door.stop(door.sockets)
    time.sleep(2.5)

    assert httpx.get(served.url + PART).status_code == 200
    assert httpx.get(served.url + PART.replace(TOKEN, OTHER)).status_code == 503


def test_nobody_else_is_an_edge(door: Door, served: Served) -> None:
    for path in (f"/hls/{ROOM}/edge.{'0' * 48}/720p/seg-1.m4s", f"/hls/{ROOM}/edge.{SECRET[:-1]}/720p/seg-1.m4s"):
        assert httpx.get(door.url + path).status_code == 403
    asked = f"{door.url}/_edge/verdict?room={ROOM}&token={TOKEN}"
    assert httpx.get(asked).status_code == 404
    assert httpx.get(asked, headers={"X-Edge-Token": f"edge.{SECRET[:-1]}"}).status_code == 404
    for path in ("/", "/clubs", "/_verdict", "/_edge/verdict", f"/hls/{ROOM}/{TOKEN}/720p/secret.txt"):
        assert httpx.get(served.url + path).status_code == 404


def test_what_an_edge_pulls_may_be_shared(door: Door) -> None:
    segment = httpx.get(f"{door.url}/hls/{ROOM}/edge.{SECRET}/720p/seg-1.m4s")
    playlist = httpx.get(f"{door.url}/hls/{ROOM}/edge.{SECRET}/720p/playlist.m3u8")

    assert segment.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert playlist.headers["cache-control"] == "public, max-age=1"
    assert door.sockets.asked == []


def test_no_log_and_no_key_of_the_cache_holds_a_token(door: Door, served: Served) -> None:
    for path in (PLAYLIST, PART, PART.replace(TOKEN, OTHER)):
        httpx.get(served.url + path)
    time.sleep(0.2)

    logs = served.log.read_text() + door.log.read_text()
    assert f"GET /hls/{ROOM}/-/720p/seg-1.m4s 200" in logs
    media = served.log.parent / "edge" / "media"
    kept = b"".join(path.read_bytes() for path in media.rglob("*") if path.is_file())
    assert b"KEY: " in kept
    for secret in (TOKEN, OTHER, SECRET):
        assert secret not in logs
        assert secret.encode() not in kept


VIEWERS = 200


def test_many_who_wait_at_an_edge_are_few_at_the_origin(door: Door, served: Served) -> None:
    tokens = [f"{TOKEN}-{number:02d}" for number in range(20)]
    door.sockets.verdicts.update({(ROOM, token): 200 for token in tokens})
    put(door, 5, 3)

    seconds = sorted(asyncio.run(_released(door, served, tokens * (VIEWERS // len(tokens)))))

    print(f"released at the edge after p50 {seconds[99]:.3f} s, p99 {seconds[197]:.3f} s, last {seconds[-1]:.3f} s")
    assert seconds[-1] < 1.5, "they were let go by their time, not by the part"
    assert pulled(door, "720p/playlist.m3u8") <= (os.cpu_count() or 1), "one for each worker of the edge"


async def _released(door: Door, served: Served, tokens: list[str]) -> list[float]:
    """Seconds from the PUT to each viewer's whole answer; every viewer on a connection of its own."""
    ended: list[float] = []

    async def one(token: str) -> None:
        assert page(5, 4).encode() in await _answer(served, token)
        ended.append(time.monotonic())

    for token in sorted(set(tokens)):  # their verdicts are known before anybody waits
        assert b"200 OK" in await _answer(served, token, "720p/seg-1.m4s")
    waiting = [asyncio.create_task(one(token)) for token in tokens]
    await asyncio.sleep(1)
    assert not ended
    begun = time.monotonic()
    await asyncio.to_thread(put, door, 5, 4)
    await asyncio.gather(*waiting)
    return [at - begun for at in ended]


async def _answer(served: Served, token: str, path: str = "720p/playlist.m3u8?_HLS_msn=5&_HLS_part=3") -> bytes:
    edge_at = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(edge_at.hostname, edge_at.port)
    request = f"GET /hls/{ROOM}/{token}/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    try:
        writer.write(request.encode())
        return await reader.read()
    finally:
        writer.close()


def test_waiter_who_leaves_takes_nobody_along(door: Door, served: Served) -> None:
    put(door, 5, 3)
    assert httpx.get(served.url + PART).status_code == 200  # the verdict is known

    async def leave_and_stay() -> bytes:
        first = asyncio.create_task(_answer(served, TOKEN))
        await asyncio.sleep(0.3)
        others = [asyncio.create_task(_answer(served, TOKEN)) for _ in range(6)]
        await asyncio.sleep(0.3)
        first.cancel()
        await asyncio.sleep(0.1)
        await asyncio.to_thread(put, door, 5, 4)
        answers = await asyncio.gather(*others)
        return min(answers, key=len)

    assert page(5, 4).encode() in asyncio.run(leave_and_stay())


def test_what_is_not_there_is_told_to_each_and_not_kept(door: Door, served: Served) -> None:
    late = PART.replace("seg-1", "seg-2")
    assert httpx.get(served.url + late).status_code == 404

    (door.stack.hls / ROOM / "720p" / "seg-2.m4s").write_bytes(b"late")

    assert httpx.get(served.url + late).content == b"late"

"""How nginx holds players that ask for what is not there yet, and lets them go."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from media_worker.packager import playlist_sink
from tests.deploy.conftest import HELD_SECONDS, ROOM, TOKEN, Door

MEDIA = f"/hls/{ROOM}/{TOKEN}/720p/playlist.m3u8"
AT_ONCE = HELD_SECONDS / 2  # on a busy machine too

pytestmark = pytest.mark.usefixtures("long_holds")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as found:
        yield found


def page(msn: int, parts: int) -> str:
    """A playlist whose unfinished segment is `msn`, with so many parts."""
    lines = ["#EXTM3U", f"#EXT-X-MEDIA-SEQUENCE:{msn - 2}"]
    for whole in (msn - 2, msn - 1):
        lines += [f'#EXT-X-PART:DURATION=0.2,URI="part-{whole}.0.m4s"', "#EXTINF:2.0,", f"seg-{whole}.m4s"]
    lines += [f'#EXT-X-PART:DURATION=0.2,URI="part-{msn}.{number}.m4s"' for number in range(parts)]
    return "\n".join(lines) + "\n"


def put(door: Door, msn: int, parts: int, *, secret: str = "hook-secret", body: str | None = None) -> int:
    reply = httpx.put(
        f"http://127.0.0.1:{door.stack.internal.push}/{ROOM}/720p",
        content=body or page(msn, parts),
        headers={"X-Hook-Secret": secret, "X-Version": str(playlist_sink.version(msn, parts))},
        timeout=HELD_SECONDS,
    )
    return reply.status_code


def write(door: Door, msn: int, parts: int) -> None:
    (door.stack.hls / ROOM / "720p" / "playlist.m3u8").write_text(page(msn, parts))


def ask(door: Door, path: str, **query: object) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    params = {f"_HLS_{name}": str(value) for name, value in query.items()}
    found = httpx.get(door.url + path, params=params, timeout=HELD_SECONDS)
    return found, time.monotonic() - began


def held(
    pool: ThreadPoolExecutor, door: Door, path: str = MEDIA, **query: object
) -> "Future[tuple[httpx.Response, float]]":
    future = pool.submit(ask, door, path, **query)
    time.sleep(0.3)
    assert not future.done()
    return future


def test_newest_playlist_is_served_from_memory(door: Door) -> None:
    assert put(door, 5, 3) == 204

    reply, _ = ask(door, MEDIA)

    assert reply.text == page(5, 3)
    assert reply.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert reply.headers["cache-control"] == "no-store"


def test_playlist_is_compressed_for_who_asks(door: Door) -> None:
    long = page(5, 3) + "#" * 500
    put(door, 5, 3, body=long)

    reply = httpx.get(door.url + MEDIA, headers={"Accept-Encoding": "gzip"})

    assert (reply.headers["content-encoding"], reply.text) == ("gzip", long)


@pytest.mark.parametrize(("msn", "part"), [(5, 2), (5, 0), (4, 9), (0, 0)])
def test_what_is_there_is_not_waited_for(door: Door, msn: int, part: int) -> None:
    put(door, 5, 3)

    reply, seconds = ask(door, MEDIA, msn=msn, part=part)

    assert (reply.status_code, reply.text) == (200, page(5, 3))
    assert seconds < AT_ONCE


def test_player_is_held_until_its_part_is_there(door: Door, pool: ThreadPoolExecutor) -> None:
    put(door, 5, 3)
    waiting = [held(pool, door, msn=5, part=3) for _ in range(3)]
    whole = pool.submit(ask, door, MEDIA, msn=5)

    put(door, 5, 4)

    assert {future.result()[0].text for future in waiting} == {page(5, 4)}
    assert not whole.done()
    put(door, 6, 0)
    assert whole.result()[0].text == page(6, 0)


def test_player_of_the_next_segment_is_held(door: Door, pool: ThreadPoolExecutor) -> None:
    put(door, 5, 10)
    waiting = held(pool, door, msn=6, part=0)

    put(door, 6, 0)
    time.sleep(0.1)
    assert not waiting.done()
    put(door, 6, 1)

    assert waiting.result()[0].text == page(6, 1)


@pytest.mark.parametrize(
    "query",
    [
        "_HLS_msn=7",
        "_HLS_msn=7&_HLS_part=0",
        "_HLS_msn=5&_HLS_part=18",
        "_HLS_msn=6&_HLS_part=15",
        "_HLS_part=3",
        "_HLS_msn=",
        "_HLS_msn=-1",
        "_HLS_msn=5.0",
        "_HLS_msn=0x5",
        "_HLS_msn=5e0",
        "_HLS_msn=%35%00",
        "_HLS_msn=five&_HLS_part=0",
        "_HLS_msn=5&_HLS_part=",
        "_HLS_msn=5&_HLS_part=-1",
        "_HLS_msn=5&_HLS_part=99999999999999999999",
        "_HLS_msn=99999999999999999999999999",
        "_HLS_msn=" + "9" * 4000,
    ],
)
def test_absurd_request_is_refused_at_once(door: Door, query: str) -> None:
    put(door, 5, 3)

    began = time.monotonic()
    reply = httpx.get(f"{door.url}{MEDIA}?{query}")

    assert reply.status_code == 400
    assert time.monotonic() - began < AT_ONCE


def test_hinted_part_is_held_until_its_file_is_there(door: Door, pool: ThreadPoolExecutor) -> None:
    put(door, 5, 3)
    waiting = held(pool, door, f"/hls/{ROOM}/{TOKEN}/720p/part-5.3.m4s")

    (door.stack.hls / ROOM / "720p" / "part-5.3.m4s").write_bytes(b"a part")
    put(door, 5, 4)

    reply, _ = waiting.result()
    assert (reply.status_code, reply.content) == (200, b"a part")
    assert reply.headers["content-type"] == "video/iso.segment"
    assert reply.headers["cache-control"] == "private, max-age=60, immutable"


@pytest.mark.parametrize("name", ["part-5.9.m4s", "part-6.0.m4s", "part-9.0.m4s", "part-4.0.m4s"])
def test_part_that_nobody_hinted_at_is_not_waited_for(door: Door, name: str) -> None:
    put(door, 5, 3)

    reply, seconds = ask(door, f"/hls/{ROOM}/{TOKEN}/720p/{name}")

    assert (reply.status_code, reply.headers["cache-control"]) == (404, "no-store")
    assert seconds < AT_ONCE


def test_file_is_followed_while_nobody_hands_playlists_over(door: Door, pool: ThreadPoolExecutor) -> None:
    write(door, 5, 3)
    waiting = held(pool, door, msn=5, part=3)

    write(door, 5, 4)

    reply, seconds = waiting.result()
    assert reply.text == page(5, 4)
    assert seconds < AT_ONCE


def test_ended_class_holds_nobody(door: Door) -> None:
    (door.stack.hls / ROOM / "720p" / "playlist.m3u8").write_text(page(5, 0) + "#EXT-X-ENDLIST\n")

    reply, seconds = ask(door, MEDIA, msn=5, part=3)

    assert reply.text.endswith("#EXT-X-ENDLIST\n")
    assert seconds < AT_ONCE


def test_playlist_that_is_not_renewed_gives_way_to_the_file(door: Door) -> None:
    put(door, 5, 3)
    write(door, 6, 0)
    assert ask(door, MEDIA)[0].text == page(5, 3)

    time.sleep(4.2)

    assert ask(door, MEDIA)[0].text == page(6, 0)


def test_players_are_held_and_released_after_a_reload(door: Door, pool: ThreadPoolExecutor) -> None:
    put(door, 5, 3)

    door.reload()

    put(door, 5, 3)
    waiting = [held(pool, door, msn=5, part=3) for _ in range(4)]
    put(door, 5, 4)
    assert {future.result()[0].text for future in waiting} == {page(5, 4)}
    assert all(future.result()[1] < AT_ONCE for future in waiting)


@pytest.mark.parametrize("secret", ["guessed-secret", "hook-secre!", "hook-secret2", "hook", ""])
def test_only_the_packager_hands_playlists_over(door: Door, secret: str) -> None:
    assert put(door, 5, 3, secret=secret) == 403


def test_older_playlist_never_replaces_a_newer_one(door: Door) -> None:
    put(door, 5, 3)

    assert put(door, 5, 2) == 409
    assert ask(door, MEDIA)[0].text == page(5, 3)


def test_handing_over_refuses_what_is_not_a_playlist_of_a_room(door: Door) -> None:
    base = f"http://127.0.0.1:{door.stack.internal.push}"
    secret = {"X-Hook-Secret": "hook-secret"}

    assert httpx.get(f"{base}/{ROOM}/720p", headers=secret).status_code == 405
    assert httpx.put(f"{base}/{ROOM}/1080p", content="x", headers=secret).status_code == 404
    assert httpx.put(f"{base}/{ROOM}/720p", content="x", headers=secret).status_code == 400
    assert httpx.put(f"{base}/{ROOM}/720p", content="x", headers=secret | {"X-Version": "-1"}).status_code == 400
    big = httpx.put(f"{base}/{ROOM}/720p", content="x" * 1_100_000, headers=secret | {"X-Version": "1"})
    assert big.status_code == 413

"""What the public nginx lets through, refuses, and says."""

import socket
import subprocess
import time

import httpx
import pytest

from deploy.local import config, programs
from tests.deploy.conftest import ROOM, SEGMENT, SHORT_VERDICTS, TOKEN, Door

PLAYLIST = f"/hls/{ROOM}/playlist.m3u8?token={TOKEN}"
MEDIA = f"/hls/{ROOM}/{TOKEN}/720p/playlist.m3u8"
PART = f"/hls/{ROOM}/{TOKEN}/720p/seg-1.m4s"


@pytest.mark.parametrize("name", ["nginx-http.conf", "nginx-rtmp.conf"])
def test_nginx_accepts_the_configuration(stack: config.Stack, name: str) -> None:
    argv = [programs.find("nginx"), "-t", "-e", "stderr", "-p", str(stack.run), "-c", str(stack.run / name)]

    result = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert "[warn]" not in result.stderr


def test_multivariant_playlist_carries_the_token_and_is_not_stored(door: Door) -> None:
    reply = httpx.get(door.url + PLAYLIST)

    assert reply.text == f"#EXTM3U\n{TOKEN}/720p/playlist.m3u8\n{TOKEN}/480p/playlist.m3u8\n"
    assert reply.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["referrer-policy"] == "no-referrer"


def test_media_playlist_is_never_taken_for_an_older_one(door: Door) -> None:
    reply = httpx.get(door.url + MEDIA)
    again = httpx.get(door.url + MEDIA, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})

    assert (reply.status_code, again.status_code) == (200, 200)
    assert "etag" not in reply.headers
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("name", "kind"), [("seg-1.m4s", "video/iso.segment"), ("init-3.mp4", "video/mp4")])
def test_segment_is_kept_by_the_viewer_alone(door: Door, name: str, kind: str) -> None:
    reply = httpx.get(f"{door.url}/hls/{ROOM}/{TOKEN}/720p/{name}")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == kind
    assert reply.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_segment_answers_a_range(door: Door) -> None:
    reply = httpx.get(door.url + PART, headers={"Range": "bytes=0-9"})

    assert (reply.status_code, reply.content) == (206, SEGMENT[:10])


@pytest.mark.parametrize(
    "path",
    [
        f"/hls/{ROOM}/playlist.m3u8",
        f"/hls/{ROOM}/playlist.m3u8?token=",
        f"/hls/{ROOM}/playlist.m3u8?token=short",
        f"/hls/{ROOM}/playlist.m3u8?token=forged.token-for_the_room",
        f"/hls/{ROOM}/playlist.m3u8?token={TOKEN}%22%3E%3Cscript%3E",
        f"/hls/room-0000000000/playlist.m3u8?token={TOKEN}",
        f"/hls/{ROOM}/forged.token-for_the_room/720p/playlist.m3u8",
        f"/hls/{ROOM}/forged.token-for_the_room/720p/seg-1.m4s",
        f"/hls/{ROOM}/forged.token-for_the_room/720p/seg-999.m4s",
        f"/hls/room-0000000000/{TOKEN}/720p/seg-1.m4s",
    ],
)
def test_refused_without_a_byte_of_media(door: Door, path: str) -> None:
    reply = httpx.get(door.url + path)

    assert (reply.status_code, reply.text) == (403, "Refused.\n")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    [
        "/hls/",
        f"/hls/{ROOM}",
        f"/hls/{ROOM}/",
        f"/hls/{ROOM}/{TOKEN}/",
        f"/hls/{ROOM}/{TOKEN}/720p/",
        f"/hls/{ROOM}/{TOKEN}/720p/secret.txt",
        f"/hls/{ROOM}/{TOKEN}/1080p/seg-1.m4s",
        f"/hls/{ROOM}/{TOKEN}/720p/seg-2.m4s",
        f"/hls/{ROOM}/{TOKEN}/720p/../720p/seg-1.m4s",
        f"/hls/{ROOM}/{TOKEN}/720p/..%2f720p/seg-1.m4s",
        f"/hls/{ROOM}/{TOKEN}/720p%2fseg-1.m4s",
        f"/hls/{ROOM}/{TOKEN}//720p/seg-1.m4s",
        f"/hls/{ROOM}/{TOKEN}/720p/seg-1.m4s%00.txt",
        f"/hls/{ROOM}/{TOKEN}/720p/%73eg-1.m4s",
        f"/hls/../hls/{ROOM}/{TOKEN}/720p/seg-1.m4s",
        f"/hls/ROOM-ABCDEF0123456789/{TOKEN}/720p/seg-1.m4s",
        f"/%68ls/{ROOM}/{TOKEN}/720p/seg-1.m4s",
        f"/hls/{ROOM}/playlist.m3u8/{TOKEN}",
    ],
)
def test_path_outside_the_grammar_is_not_found(door: Door, path: str) -> None:
    # As bytes by hand: a client library would tidy the path up before sending it.
    reply = _raw(door, path)

    assert reply.split()[1] in {b"404", b"400"}
    assert b"segment of a class" not in reply
    assert b"not for viewers" not in reply


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_hls_is_read_only(door: Door, method: str) -> None:
    assert httpx.request(method, door.url + PART).status_code == 405


def test_preflight_of_a_foreign_player_is_answered(door: Door) -> None:
    reply = httpx.options(door.url + PART)

    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (204, "*")


def test_verdict_is_asked_once(door: Door) -> None:
    for _ in range(5):
        assert httpx.get(door.url + PART).status_code == 200
    assert len(door.sockets.asked) == 1


@pytest.mark.parametrize("stack", [SHORT_VERDICTS], indirect=True)
def test_verdict_is_asked_again_after_its_time(door: Door) -> None:
    assert httpx.get(door.url + PART).status_code == 200

    door.sockets.verdicts.clear()
    deadline = time.monotonic() + 5
    while httpx.get(door.url + PART).status_code == 200:
        assert time.monotonic() < deadline, "a revoked viewer still watches after 5 s"
        time.sleep(0.1)


@pytest.mark.parametrize(
    "path", ["/hooks/rtmp/publish", "/hooks/", "//hooks/rtmp/publish", "/%68ooks/rtmp/publish", "/_verdict?room=a"]
)
def test_inner_doors_are_closed_to_the_outside(door: Door, path: str) -> None:
    assert _raw(door, path).split()[1] == b"404"
    assert door.app.asked == []
    assert door.sockets.asked == []


def test_claimed_address_is_replaced(door: Door) -> None:
    httpx.get(
        f"{door.url}/", headers={"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "https", "Forwarded": "for=9"}
    )

    headers = door.app.asked[0][2]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"
    assert "Forwarded" not in headers
    assert headers["Host"] == door.url.removeprefix("http://")


def test_body_beyond_the_limit_is_refused(door: Door) -> None:
    reply = httpx.post(f"{door.url}/api/x", content=b"x" * (2 * 2**20 + 1))

    assert reply.status_code == 413
    assert door.app.asked == []


@pytest.mark.parametrize("path", ["/whip/room-abcdef0123456789", "/whep/room-abcdef0123456789/s1"])
def test_whip_and_whep_are_asked_of_the_sockets_process(door: Door, path: str) -> None:
    reply = httpx.post(door.url + path, content="v=0", headers={"Authorization": "Bearer a"})

    assert reply.status_code == 200
    ((verb, asked, headers),) = door.sockets.asked
    assert (verb, asked, headers["Authorization"]) == ("POST", path, "Bearer a")
    assert httpx.post(door.url + path, content="v" * 70_000).status_code == 413


def test_socket_address_without_upgrade_says_so(door: Door) -> None:
    assert httpx.get(f"{door.url}/room/{ROOM}?token=x").status_code == 426


@pytest.mark.parametrize(
    ("name", "cached"),
    [
        ("site.css", "no-cache"),
        ("icons.0123456789ab.svg", "public, max-age=31536000, immutable"),
        ("site-AB2CD3EF.css", "public, max-age=31536000, immutable"),
    ],
)
def test_static_file_comes_from_disk(door: Door, name: str, cached: str) -> None:
    reply = httpx.get(f"{door.url}/static/{name}")

    assert (reply.text, reply.headers["cache-control"]) == ("body{}", cached)
    assert door.app.asked == []


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_static_file_comes_as_it_was_compressed(door: Door, encoding: str) -> None:
    with httpx.stream("GET", f"{door.url}/static/site-AB2CD3EF.css", headers={"Accept-Encoding": encoding}) as reply:
        sent = b"".join(reply.iter_raw())

    suffix = {"br": "br", "gzip": "gz"}[encoding]
    assert sent == (door.stack.static / f"site-AB2CD3EF.css.{suffix}").read_bytes()
    assert (reply.headers["content-encoding"], reply.headers["vary"]) == (encoding, "Accept-Encoding")
    assert "immutable" in reply.headers["cache-control"]


def test_missing_static_file_is_asked_of_the_app(door: Door) -> None:
    assert httpx.get(f"{door.url}/static/none.css").text == "from upstream"


def test_page_while_the_app_is_down_says_so_in_words(door: Door) -> None:
    door.stop(door.app)

    page = httpx.get(f"{door.url}/clubs")
    api = httpx.get(f"{door.url}/api/clubs")

    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "Back in a moment" in page.text
    assert page.headers["content-type"] == "text/html"
    assert (api.status_code, api.json()["error"]["code"]) == (503, "unavailable")


def test_log_holds_no_token_query_or_address(door: Door) -> None:
    for path in (PLAYLIST, MEDIA, PART, f"/room/{ROOM}?token={TOKEN}", f"/clubs?next={TOKEN}"):
        httpx.get(door.url + path)
    httpx.get(f"{door.url}/accounts/confirm-email/{TOKEN}/")
    httpx.get(f"{door.url}/invitations/{TOKEN}")
    door.stop(door.sockets)
    httpx.get(f"{door.url}/hls/{ROOM}/another-{TOKEN}/720p/seg-1.m4s")
    time.sleep(0.2)

    log = door.log.read_text()
    assert f"GET /hls/{ROOM}/-/720p/seg-1.m4s 200" in log
    assert TOKEN not in log
    assert "?" not in log
    assert "127.0.0.1" not in log


def _raw(door: Door, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", door.stack.http_port), 5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        chunks = iter(lambda: connection.recv(65536), b"")
        return b"".join(chunks)

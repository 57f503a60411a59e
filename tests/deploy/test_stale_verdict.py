"""The class goes on while the real verdict server is down: for a while, and not for those who have lost the right."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from deploy.local import config, ports, programs, ready, render
from fitfriends.core import clock
from streaming.domain.tokens import redis_clock, revocations, signing
from streaming.domain.tokens.signing import PlaybackToken
from tests.deploy.conftest import ROOM, write_class
from tests.services import child

pytestmark = pytest.mark.integration


@pytest.fixture
def stack(tmp_path: Path, clean_redis: None) -> config.Stack:
    http, rtmp = ports.pick(2)
    extra = {"VERDICT_CACHE_SECONDS": "1", "VERDICT_STALE_SECONDS": "5"}
    found = config.Stack(
        state=tmp_path, database_url="sqlite://:memory:", http_port=http, rtmp_port=rtmp, extra=extra
    )
    for directory in found.directories:
        directory.mkdir(parents=True, exist_ok=True)
    (found.run / "nginx-http.conf").write_text(render.nginx_configs(found, "hook-secret")["nginx-http.conf"])
    write_class(found.hls / ROOM)
    return found


@pytest.fixture
def door(stack: config.Stack) -> Iterator[str]:
    url = f"http://127.0.0.1:{stack.http_port}"
    argv = [programs.find("nginx"), "-e", "stderr", "-p", str(stack.run), "-c", str(stack.run / "nginx-http.conf")]
    with child.running(argv, directory=stack.run, ready=lambda: ready.status(url) == 503):
        yield url


@contextmanager
def verdicts(stack: config.Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "fitfriends.settings.test")
    monkeypatch.setenv("PYTHONPATH", str(config.ROOT))
    for name, value in stack.extra.items():
        monkeypatch.setenv(name, value)
    port, folder = str(stack.internal.sockets), stack.log
    argv = [config.tool("uvicorn"), "fitfriends.asgi:application", "--port", port, "--no-access-log"]
    with child.running(argv, directory=folder, ready=lambda: _asked(port) == 403):
        yield


def _asked(port: str) -> int:
    return ready.status(f"http://127.0.0.1:{port}/_verdict")


def _part(url: str, token: PlaybackToken) -> int:
    text = signing.write_playback(token)
    return httpx.get(f"{url}/hls/{ROOM}/{text}/720p/seg-1.m4s").status_code


def test_who_was_watching_goes_on_for_a_while(
    stack: config.Stack, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert os.environ["REDIS_URL"]
    expires = int((clock.now() + timedelta(hours=1)).timestamp())
    good = PlaybackToken(ROOM, 7, 3, redis_clock.now(), expires)
    bad = replace(good, user_id=8)
    with verdicts(stack, monkeypatch):
        asked = time.monotonic()
        assert [_part(door, good), _part(door, bad)] == [200, 200]
    down = time.monotonic()

    time.sleep(1.5)
    revocations.revoke(ROOM, 8)
    assert [_part(door, good), _part(door, bad)] == [200, 200]
    newcomer = httpx.get(f"{door}/hls/{ROOM}/{signing.write_playback(replace(good, user_id=9))}/720p/seg-1.m4s")
    assert (newcomer.status_code, newcomer.headers["retry-after"]) == (503, "2")
    while _part(door, good) == 200:
        assert time.monotonic() < down + 8, "a stale verdict has no end"
        time.sleep(0.1)
    assert time.monotonic() > asked + 4
    assert _part(door, good) == 503

    with verdicts(stack, monkeypatch):
        assert [_part(door, good), _part(door, bad)] == [200, 403]

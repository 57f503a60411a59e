"""One class and one page, never reloaded, for all drills. They run in the order of their files."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local import lifecycle
from fitfriends.core import clock
from tests.e2e.browsing import PHONE, Visit
from tests.e2e.conftest import Database, Driver, open_folder, running_stack
from tests.e2e.drills.evening import Encoder, Evening
from tests.e2e.drills.watching import BarePlayer, Frames
from tests.e2e.parts import Caller, playable, until

_DISK = "400m"


@pytest.fixture(scope="package")
def database() -> Iterator[Database]:
    """Not the one that the other tests' stack has: here it is stopped."""
    with open_folder() as folder:
        made = Database(folder / "postgres")
        yield made
        made.stop()


@pytest.fixture(scope="package")
def stack(database: Database) -> Iterator[lifecycle.RunningStack]:
    """A stack to be broken. The demo's class is not on air: this one is enough."""
    with open_folder() as folder, running_stack(folder / "stack", database.url, broadcast=False) as running:
        yield running


@pytest.fixture(scope="package")
def opened(stack: lifecycle.RunningStack, driver: Driver) -> Iterator[Evening]:
    """A class that is live and has two viewers: a page and a bare player."""
    demo: dict[str, Any] = stack.demo
    tokens = (demo["accounts"][who]["token"] for who in ("instructor", "member2", "owner"))
    instructor, member, guest = (Caller(demo["base_url"], token) for token in tokens)
    session, reply = _announce(demo, instructor)
    path = f"/api/streaming/sessions/{reply['streaming_session']['id']}"
    url = reply["stream_config"]["rtmp_url"]
    encoder = Encoder(url)
    with contextlib.ExitStack() as after:
        after.callback(lambda: instructor("POST", f"{path}/end"))
        after.callback(encoder.kill)
        after.enter_context(_small(stack.stack.hls / reply["streaming_session"]["room_id"]))
        instructor.must("POST", f"{path}/start")
        encoder.start()
        address = member.must("POST", f"{path}/join")["stream_urls"]["hls_url"]
        until(lambda: playable(address), what="a picture")
        bare = BarePlayer(address)
        bare.start()
        after.callback(bare.stop)
        with driver.active() as browser:
            visit = Visit(browser, demo, "member", viewport=PHONE)
            visit.page.goto(f"/classes/{session}")
            until(visit.moves, what="a picture on the page")
            frames = Frames(visit.page)
            visit.page.get_by_role("button", name="Delay").click()
        evening = Evening(
            stack, instructor, guest, path, reply["streaming_session"]["room_id"], url, encoder, visit, frames, bare
        )
        after.callback(_silence, evening)
        yield evening
        if report := os.environ.get("FFC_DRILLS"):
            Path(report).write_text("\n".join(evening.figures) + "\n")
        with driver.active():
            visit.page.context.close()


@pytest.fixture
def evening(opened: Evening, driver: Driver) -> Iterator[Evening]:
    with driver.active():
        yield opened


@contextlib.contextmanager
def _small(folder: Path) -> Iterator[None]:
    """The room's folder on a disk of its own that can be filled; only root may mount one."""
    if os.geteuid() != 0:
        yield
        return
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=755", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _silence(evening: Evening) -> None:
    """Whichever device broadcasts by then."""
    evening.encoder.kill()


def _announce(demo: dict[str, Any], instructor: Caller) -> tuple[int, dict[str, Any]]:
    """A class that begins in a moment, and its stream."""
    planned = {
        "club_id": demo["clubs"][0]["id"],
        "title": "Everything breaks",
        "starts_at": (clock.now() + timedelta(minutes=2)).isoformat(),
    }
    session: int = instructor.must("POST", "/api/group-sessions", json=planned)["group_session"]["id"]
    asked = {"group_session_id": session, "stream_title": "Everything breaks", "max_viewers": 5}
    return session, instructor.must("POST", "/api/streaming/sessions", json=asked)

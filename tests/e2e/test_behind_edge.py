"""A class whose picture comes from another address: an edge of ours, and a CDN that knows nothing for a while."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from deploy.edge import config as edge
from deploy.local import lifecycle, ports, programs, ready
from tests.e2e.browsing import Visit
from tests.e2e.conftest import running_stack
from tests.e2e.parts import until
from tests.services import child

SECRET = "0123456789abcdef" * 3


@dataclass(frozen=True, slots=True)
class Edged:
    """A stack of its own, whose players fetch from `url`."""

    running: lifecycle.RunningStack
    url: str
    configuration: Path

    def answers_404(self, *, wrong: bool) -> None:
        """As a CDN whose copy is gone: to everything, and without a word about other origins."""
        text = self.configuration.read_text()
        sound, broken = "    server_name _;\n", "    server_name _; return 404;\n"
        self.configuration.write_text(text.replace(sound, broken) if wrong else text.replace(broken, sound))
        os.kill(int((self.configuration.parent / "edge.pid").read_text()), signal.SIGHUP)
        probe = f"{self.url}/hls/room-0123456789/playlist.m3u8"
        until(lambda: ready.status(probe) == (404 if wrong else 403), what="the edge's reload")


@pytest.fixture
def edged() -> Iterator[Edged]:
    with tempfile.TemporaryDirectory(prefix="ffc-edge-") as folder:
        state, run = Path(folder, "stack"), Path(folder, "edge")
        state.mkdir()
        run.mkdir()
        (port,) = ports.pick(1)
        url = f"http://127.0.0.1:{port}"
        extra = {"EDGE_SECRET": SECRET, "STREAMING_CDN_URL": url}
        with running_stack(state, f"sqlite:///{state}/demo.sqlite3", extra=extra) as running:
            origin = f"http://127.0.0.1:{running.stack.http_port}"
            made = edge.Edge(run=run, origin=origin, secret=SECRET, bind="127.0.0.1", port=port)
            path = edge.write(made)
            argv = [programs.find("nginx"), "-e", "stderr", "-p", str(run), "-c", str(path)]
            with child.running(argv, directory=run, ready=lambda: ready.status(url) == 404):
                yield Edged(running, url, path)


def test_class_page_plays_from_an_edge_and_outlives_its_faults(browser: Browser, edged: Edged) -> None:
    demo = edged.running.demo
    visit = Visit(browser, demo, "member")
    fetched: list[str] = []
    visit.page.on("response", lambda reply: fetched.append(reply.url) if "/hls/" in reply.url else None)
    visit.page.goto(f"/classes/{demo['group_sessions']['live']}")
    until(lambda: visit.moves(1), what="a moving picture")

    expect(visit.page.locator("[data-slate]")).to_be_hidden()
    assert {urlsplit(url).netloc for url in fetched} == {urlsplit(edged.url).netloc}
    # Asked of the page each time, for only then is it heard what the page fetched.
    until(lambda: visit.moves() and any("_HLS_part=" in url for url in fetched), what="a request for the next part")
    assert visit.faults == [], "the page's policy or the edge's headers keep something from the page"

    stayed = visit.page.evaluate("performance.timeOrigin")
    edged.answers_404(wrong=True)
    time.sleep(5)
    edged.answers_404(wrong=False)
    _goes_on(visit)
    assert visit.page.evaluate("performance.timeOrigin") == stayed, "the page was loaded again"


def _goes_on(visit: Visit) -> None:
    """Whichever way the player takes, by going on or by starting over: the picture moves for a second."""
    last: list[float] = []

    def moves() -> bool:
        time.sleep(0.2)
        last.append(float(visit.picture()["time"]))
        steps = [after - before for before, after in zip(last[-6:], last[-5:], strict=False)]
        return len(steps) == 5 and all(0 < step < 2 for step in steps)

    until(moves, what="the picture's return without a reload")
    expect(visit.page.locator("[data-slate]")).to_be_hidden()

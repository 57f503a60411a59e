"""The whole stack on free ports with a PostgreSQL database of its own, and Debian's Chromium before it."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.local import clip, config, lifecycle, ports, progress
from tests import sharing
from tests.services import child, postgres

HERE = Path(__file__).parent
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CHROMIUM += ["--disable-quic", "--autoplay-policy=no-user-gesture-required"]
# Patience for a busy machine; speed is measured by benchmarks, not here.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Most of these share a stack; tests/scheduling.py gives them to two workers."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(480))


class Database:
    """The stack's own PostgreSQL: the tests that run beside these do not notice what happens to it."""

    def __init__(self, directory: Path) -> None:
        self._cluster = postgres.create(directory)
        self._serving = contextlib.ExitStack()
        self.start()
        self.url = postgres.create_database(self._cluster, "ffc_e2e")

    def start(self) -> None:
        self._serving.enter_context(postgres.serving(self._cluster))

    def stop(self) -> None:
        """Every connection is cut; the data stay. May be called twice."""
        self._serving.close()


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """What a stack and its database write; others may pass through it."""
    made = Path(tempfile.mkdtemp(prefix="ffc-e2e-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest.fixture(scope="session")
def database(folder: Path) -> Iterator[Database]:
    made = Database(folder / "postgres")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def stack(folder: Path, database: Database) -> Iterator[lifecycle.RunningStack]:
    """The demo's processes and seed, with a class that is live; `stack.demo` is its demo.json."""
    with running_stack(folder / "stack", database.url) as running:
        yield running


@contextlib.contextmanager
def running_stack(state: Path, database_url: str, **kw: Any) -> Iterator[lifecycle.RunningStack]:
    """On free ports until the block ends; `kw` goes to the Stack."""
    http, rtmp = ports.pick(2)
    wanted = config.Stack(state=state, database_url=database_url, http_port=http, rtmp_port=rtmp, **kw)
    if wanted.broadcast:
        wanted.demo_files.mkdir(parents=True, exist_ok=True)
        sharing.once("class.flv", clip.make, wanted.demo_files / clip.NAME)
    running = lifecycle.start(wanted, step=progress.silent)
    try:
        yield running
    finally:
        running.stop()
        if keep := os.environ.get("FFC_KEEP_LOGS"):
            shutil.copytree(running.stack.log, Path(keep, state.parent.name), dirs_exist_ok=True)


@pytest.fixture
def demo(stack: lifecycle.RunningStack) -> dict[str, Any]:
    """What the stack's demo.json says."""
    content: dict[str, Any] = stack.demo
    return content


@dataclass(frozen=True, slots=True)
class Driver:
    browser: Browser
    loop: asyncio.AbstractEventLoop

    @contextlib.contextmanager
    def active(self) -> Iterator[Browser]:
        """Until the block ends, Playwright may be called."""
        asyncio._set_running_loop(self.loop)
        # Django takes Playwright's loop for an asynchronous caller and would refuse the test its database.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
            try:
                yield self.browser
            finally:
                asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def driver() -> Iterator[Driver]:
    """Playwright's synchronous API keeps an event loop running in this thread, from here to the end.

    An asynchronous test of the same worker could not start its own then, so the loop is hidden outside of
    the tests that use the browser.
    """
    manager = sync_playwright().start()
    loop = asyncio.get_running_loop()
    browser = manager.chromium.launch(executable_path=child.program("chromium"), args=CHROMIUM)
    asyncio._set_running_loop(None)
    yield Driver(browser, loop)
    asyncio._set_running_loop(loop)
    browser.close()
    manager.stop()


@pytest.fixture
def browser(driver: Driver) -> Iterator[Browser]:
    """A browser without contexts; those that the test opens are closed after it."""
    with driver.active() as browser:
        yield browser
        for context in browser.contexts:
            context.close()


@pytest.fixture
def page(browser: Browser, stack: lifecycle.RunningStack) -> Iterator[Page]:
    """A fresh page, not signed in; an exception that no script caught fails the test."""
    context = browser.new_context(base_url=stack.stack.public_url)
    found = context.new_page()
    uncaught: list[str] = []
    found.on("pageerror", lambda error: uncaught.append(str(error)))
    yield found
    assert uncaught == []

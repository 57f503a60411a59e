"""The whole stack on free ports with a PostgreSQL database of its own, and Debian's Chromium before it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.local import config, lifecycle, ports, progress
from tests.services import child

HERE = Path(__file__).parent
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CHROMIUM += ["--disable-quic", "--autoplay-policy=no-user-gesture-required"]
# Patience for a busy machine; speed is measured by benchmarks, not here.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these share one stack; tests/scheduling.py gives them to one worker."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(480))


@pytest.fixture(scope="session")
def stack() -> Iterator[lifecycle.RunningStack]:
    """The demo's processes and seed, with a class that is live; `stack.demo` is its demo.json."""
    state = Path(tempfile.mkdtemp(prefix="ffc-e2e-"))
    state.chmod(0o755)
    http, rtmp = ports.pick(2)
    running = lifecycle.start(
        config.Stack(state=state, database_url=_database(), http_port=http, rtmp_port=rtmp), step=progress.silent
    )
    try:
        yield running
    finally:
        running.stop()
        if keep := os.environ.get("FFC_KEEP_LOGS"):
            shutil.copytree(running.stack.log, keep, dirs_exist_ok=True)
        shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def demo(stack: lifecycle.RunningStack) -> dict[str, Any]:
    """What the stack's demo.json says."""
    content: dict[str, Any] = stack.demo
    return content


def _database() -> str:
    """An empty database beside the one that the other tests use."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"ffc_e2e_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@dataclass(frozen=True, slots=True)
class Driver:
    browser: Browser
    loop: asyncio.AbstractEventLoop


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
def browser(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """A browser without contexts; those that the test opens are closed after it."""
    # Django takes Playwright's loop for an asynchronous caller and would refuse the test its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    asyncio._set_running_loop(driver.loop)
    try:
        yield driver.browser
        for context in driver.browser.contexts:
            context.close()
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture
def page(browser: Browser, stack: lifecycle.RunningStack) -> Iterator[Page]:
    """A fresh page, not signed in; an exception that no script caught fails the test."""
    context = browser.new_context(base_url=stack.stack.public_url)
    found = context.new_page()
    uncaught: list[str] = []
    found.on("pageerror", lambda error: uncaught.append(str(error)))
    yield found
    assert uncaught == []

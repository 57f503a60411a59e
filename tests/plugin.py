"""Gives the test run its own PostgreSQL and Redis before Django reads its settings."""

import atexit
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services, sharing

# A run starts some sixty Pythons: workers, servers, the processes of stacks. Where no bytecode is wanted beside the
# sources, it is kept elsewhere: compiling Django in every one of them cost a third of the run.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parents[1] / "var" / "pycache")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or it was -B
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

running = pytest.StashKey[services.Services]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """A wrapper runs before pytest-django's hook, which imports the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        # The controller's environment came along; each worker takes a Redis database of its own.
        number = int(worker.removeprefix("gw")) + 1
        os.environ["REDIS_URL"] = f"{os.environ['FFC_TEST_REDIS']}/{number}"
    elif not _only_looking(early_config):
        started = services.start()
        early_config.stash[running] = started
        atexit.register(started.stop)  # a usage error ends pytest before pytest_unconfigure
        os.environ[sharing.FOLDER] = str(started.folder)
        os.environ["DATABASE_URL"] = started.database_url
        os.environ["FFC_TEST_REDIS"] = started.redis_url
        os.environ["REDIS_URL"] = f"{started.redis_url}/0"
    yield


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if running in config.stash:
        config.stash[running].stop()


def _only_looking(config: pytest.Config) -> bool:
    options = config.known_args_namespace
    return bool(options.help or options.version or options.collectonly)

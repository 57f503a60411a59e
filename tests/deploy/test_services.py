"""The run's own PostgreSQL and Redis."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tests import services

HOLD = "from tests import services; s = services.start(); print(s.database_url, flush=True); input()"


def test_services_start_answers_and_stop_leaves_nothing() -> None:
    before = set(services._base_directory().glob(f"{services.PREFIX}{os.getpid()}-*"))

    running = services.start()
    with psycopg.connect(running.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    running.stop()
    running.stop()

    assert set(services._base_directory().glob(f"{services.PREFIX}{os.getpid()}-*")) == before


def test_services_die_with_a_killed_run() -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd()
    )
    assert holder.stdout
    url = holder.stdout.readline().decode().strip()
    psycopg.connect(url).close()

    holder.kill()
    holder.communicate()

    deadline = time.monotonic() + 60
    while _answers(url):
        assert time.monotonic() < deadline, "PostgreSQL outlived the run that started it"
        time.sleep(0.1)
    # Its last processes still write while they go; the next run clears what this one cannot yet.
    while list(services._base_directory().glob(f"{services.PREFIX}{holder.pid}-*")):
        assert time.monotonic() < deadline, "the killed run's files stay"
        services._remove_leftovers(services._base_directory())


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True

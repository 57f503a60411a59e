"""What serves the class dies or restarts under viewers who are in: they must not notice.

Their picture may stand still for as long as their player needs to ask again, where it is nginx that is gone.
"""

import os
import signal
import time

from tests.e2e.conftest import Database
from tests.e2e.drills.evening import Evening, info, kill, sockets_answer
from tests.e2e.parts import until

# Longer than a media worker's lease.
_OUTAGE_SECONDS = 10


def test_redis_killed(evening: Evening) -> None:
    with evening.drill("Redis killed", unseen=True):
        until(kill(evening.stack, "redis"), what="a new Redis")


def test_postgresql_away(evening: Evening, database: Database) -> None:
    with evening.drill(f"PostgreSQL away for {_OUTAGE_SECONDS} s", unseen=True):
        database.stop()
        gone = time.monotonic()
        until(lambda: time.monotonic() - gone > _OUTAGE_SECONDS, what="the end of the outage")
        database.start()


def test_web_processes_killed(evening: Evening) -> None:
    with evening.drill("web processes killed", unseen=True):
        until(kill(evening.stack, "http", "sockets"), what="new web processes")
        until(lambda: sockets_answer(evening.stack), what="a socket server that listens")


def test_nginx_reloaded(evening: Evening) -> None:
    with evening.drill("nginx reloaded", unseen=True):
        os.kill(info(evening.stack, "nginx-http")["pid"], signal.SIGHUP)


def test_nginx_killed(evening: Evening) -> None:
    with evening.drill("nginx killed"):
        until(kill(evening.stack, "nginx-http"), what="a new nginx")

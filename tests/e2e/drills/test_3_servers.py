"""What serves the class dies or restarts; most of it must not be seen at all."""

import os
import signal

from tests.e2e.conftest import Database
from tests.e2e.drills.evening import Evening, info, kill
from tests.e2e.parts import until


def test_redis_restarted(evening: Evening) -> None:
    with evening.drill("Redis killed and restarted"):
        until(kill(evening.stack, "redis"), what="a new Redis")


def test_postgresql_restarted(evening: Evening, database: Database) -> None:
    with evening.drill("PostgreSQL stopped and started"):
        database.stop()
        database.start()


def test_web_processes_killed(evening: Evening) -> None:
    with evening.drill("web processes killed"):
        until(kill(evening.stack, "http", "sockets"), what="new web processes")


def test_nginx_reloaded(evening: Evening) -> None:
    with evening.drill("nginx reloaded"):
        os.kill(info(evening.stack, "nginx-http")["pid"], signal.SIGHUP)


def test_nginx_killed(evening: Evening) -> None:
    with evening.drill("nginx killed"):
        until(kill(evening.stack, "nginx-http"), what="a new nginx")

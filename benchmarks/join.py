"""POST join a second on PostgreSQL: 64 connections, each request authenticated, one granian worker on one core."""

import os

from benchmarks import harness
from deploy.local import config, ports, ready
from tests import services

PEOPLE = 500


def main() -> None:
    harness.need("wrk", "taskset")
    running = services.start()
    try:
        _measure(running)
    finally:
        running.stop()


def _measure(running: services.Services) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "fitfriends.settings.demo",
        "REDIS_URL": f"{running.redis_url}/0",
        "DATABASE_URL": running.database_url,
    }
    os.environ |= environment
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    stream, tokens = _people()
    (port,) = ports.pick(1)
    url = f"http://127.0.0.1:{port}"
    argv = [config.tool("granian"), "--interface", "wsgi", "fitfriends.wsgi:application", "--no-access-log"]
    argv += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    joins = [f"/api/streaming/sessions/{stream}/join {token}" for token in tokens]
    rows = []
    with harness.server([*argv, "--log-level", "warning"], ready=lambda: ready.status(f"{url}/api/me") == 401) as pid:
        harness.wrk("warm", url, connections=64, paths=joins, post=True)
        rows.append(
            harness.wrk(
                "403 of a nobody (the framework alone)",
                url,
                connections=64,
                paths=_nobody(stream),
                post=True,
                pid=pid,
            )
        )
        rows.append(harness.wrk("join", url, connections=64, paths=joins, post=True, pid=pid))
    row = rows[-1]
    found = {
        "joins/s on one core": harness.judged(row.per_second, 600),
        "joins per second of processor time": harness.judged(row.cpu_per_second, 600),
        "p99 ms": harness.judged(row.p99_ms, 150, more_is_better=False),
    }
    harness.report("join", rows, found)


def _nobody(stream: int) -> list[str]:
    return [f"/api/streaming/sessions/{stream}/join x"]


def _people() -> tuple[int, list[str]]:
    """A live stream of one club with many members, and a token of each."""
    from accounts.domain import tokens
    from accounts.enums import Scope
    from accounts.models import User
    from clubs.models import Membership
    from streaming.enums import State
    from tests import cast
    from tests.streaming.factories import make_stream

    owner = cast.make_user("Ana")
    club = cast.make_club(owner)
    stream = make_stream(cast.make_session(club, owner), State.LIVE, max_viewers=100_000)
    people = User.objects.bulk_create(
        User(email=f"member{number}@example.com", display_name=f"Member {number}") for number in range(PEOPLE)
    )
    Membership.objects.bulk_create(Membership(club=club, user=person) for person in people)
    return stream.pk, [tokens.issue(person, name="bench", scopes=[Scope.WATCH])[1] for person in people]


if __name__ == "__main__":
    main()

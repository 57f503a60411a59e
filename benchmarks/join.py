"""POST join a second on PostgreSQL: 64 connections, each request authenticated, one granian worker on one core."""

import os
from typing import TYPE_CHECKING

from benchmarks import harness
from deploy.local import config, ports, ready
from tests import services

if TYPE_CHECKING:  # Django is set up by _measure()
    from accounts.models import User

PEOPLE = 500
THREADS = "4"


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
    stream, people = _people()
    (port,) = ports.pick(1)
    url = f"http://127.0.0.1:{port}"
    argv = [config.tool("granian"), "--interface", "wsgi", "fitfriends.wsgi:application", "--no-access-log"]
    argv += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", THREADS]
    join = f"/api/streaming/sessions/{stream}/join"
    with harness.server([*argv, "--log-level", "warning"], ready=lambda: ready.status(f"{url}/api/me") == 401) as pid:

        def row(case: str, headers: list[str]) -> harness.Row:
            paths = [f"{join}\t{header}" for header in headers]
            return harness.wrk(case, url, connections=64, paths=paths, post=True, pid=pid)

        tokens, sessions = [_bearer(person) for person in people], [_session(person) for person in people]
        row("warm", tokens)
        rows = [
            row("401 of an unknown token: the framework and one query", ["Authorization: Bearer x"]),
            row("join by session cookie and CSRF token", sessions),
            row("join by API token", tokens),
        ]
    joined = rows[-1]
    found = {
        "joins/s on one core": harness.judged(joined.per_second, 600),
        "joins per second of processor time": harness.judged(joined.cpu_per_second, 600),
        "p99 ms": harness.judged(joined.p99_ms, 150, more_is_better=False),
    }
    harness.report("join", rows, found)


def _bearer(person: "User") -> str:
    from accounts.domain import tokens
    from accounts.enums import Scope

    return f"Authorization: Bearer {tokens.issue(person, name='bench', scopes=[Scope.WATCH])[1]}"


def _session(person: "User") -> str:
    """As the class page joins: signed in by cookie."""
    from django.contrib import auth

    from fitfriends.core.sessions import SessionStore

    session = SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = "accounts.backends.SiteBackend"
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    csrf = "c" * 32
    return f"Cookie: sessionid={session.session_key}; csrftoken={csrf}\tX-CSRFToken: {csrf}"


def _people() -> tuple[int, "list[User]"]:
    """A live stream of one club with many members."""
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
    return stream.pk, people


if __name__ == "__main__":
    main()

"""Verdicts a second on one core: the real ASGI application on uvicorn, against a function that only says 200."""

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from benchmarks import harness
from deploy.local import config, ports, ready
from tests import services

type Send = Callable[[Mapping[str, object]], Awaitable[None]]

ROOM = "room-benchmark000"
PEOPLE = 500


async def floor(scope: dict[str, object], receive: object, send: Send) -> None:  # noqa: ARG001 -- ASGI's
    """The rival: what uvicorn costs by itself."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def tokens_for(room: str, people: int) -> list[str]:
    from fitfriends.core import clock
    from streaming.domain.tokens import redis_clock, signing

    expires, issued = int((clock.now() + timedelta(hours=1)).timestamp()), redis_clock.now()
    return [
        signing.write_playback(
            signing.PlaybackToken(room, number, number, issued, expires, device_slot=f"{issued:013x}{number:016x}")
        )
        for number in range(1, people + 1)
    ]


def main() -> None:
    harness.need("wrk", "taskset")
    running = services.start()
    try:
        _measure(running.redis_url)
    finally:
        running.stop()


def _measure(redis_url: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "fitfriends.settings.demo", "REDIS_URL": f"{redis_url}/0"}
    import django

    django.setup()
    asked = [f"/_verdict?room={ROOM}&token={token}" for token in tokens_for(ROOM, PEOPLE)]
    rows = []
    for case, application in (
        ("bare ASGI function", "benchmarks.verdict:floor"),
        ("verdict", "fitfriends.asgi:application"),
    ):
        (port,) = ports.pick(1)
        url = f"http://127.0.0.1:{port}"
        argv = [config.tool("uvicorn"), application, "--port", str(port), "--no-access-log", "--log-level", "warning"]

        def answers(url: str = url) -> bool:
            return ready.status(f"{url}/_verdict") in {200, 403}

        with harness.server(argv, ready=answers) as pid:
            harness.wrk("warm", url, connections=64, paths=asked)
            rows.append(harness.wrk(case, url, connections=64, paths=asked, pid=pid))
    found = {"goal: checks/s on one core": harness.judged(rows[1].per_second, 10_000)}
    found["per second of processor time"] = harness.judged(rows[1].cpu_per_second, 10_000)
    harness.report("verdict", rows, found)


if __name__ == "__main__":
    main()

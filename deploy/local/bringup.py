"""The steps of a start, in the order that puts the live picture on the page soonest."""

import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from deploy.local import clip, config, control, janus, live, ports, processes, progress, ready, site
from deploy.local.errors import StackError

STEPS = {
    "migrate": ("Database migrated", "migrate --no-input --verbosity=0"),
    "collectstatic": ("Static files collected", "collectstatic --no-input --verbosity=0"),
    "seed_demo": ("Demo clubs, people and classes", "seed_demo"),
}
SECONDS = 60  # for each part; a machine that is busy with other things is slow, not broken
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 -- compared with, not listened on
SILENT = frozenset({0, 502, 503, 504})


class Starting(Protocol):
    """The stack whose process manager was just started."""

    stack: config.Stack
    environment: dict[str, str]
    supervisor: control.Supervisor

    def check(self) -> None: ...
    def check_manager(self) -> None: ...


def bring_up(running: Starting, step: progress.Step) -> None:
    """Return when everything answers and the live class has a picture. Raises StackError."""
    stack, supervisor = running.stack, running.supervisor
    with step("Process manager and Redis"):
        ready.wait("The process manager", supervisor.running, seconds=SECONDS, check=running.check_manager)
        _wait(running, "redis", lambda: ready.redis(stack.internal.redis, running.environment["REDIS_URL"]))
    # While one core seeds, the other starts what the picture needs: tables and files, not people. The rest
    # comes when those are up, for Python's imports keep two cores busy for seconds.
    first, second = processes.FIRST, processes.SECOND
    ready_to_serve = "migrate" if stack.from_sources else "collectstatic"
    _site_steps(running, step, then={ready_to_serve: lambda: supervisor.start(first)})
    if stack.broadcast:
        with step("Clip of the synthetic class"):
            clip.make(stack.demo_files / clip.NAME)
    with step("Site and API"):
        _wait(running, "http", lambda: ready.status(_public(stack)) in range(200, 500))
    with step("RTMP ingest"):
        _wait(running, "nginx-rtmp", lambda: ready.status(running.environment["RTMP_STAT_URL"]) == 200)
    if stack.broadcast:
        supervisor.start([processes.BROADCAST])
    supervisor.start(second)
    if not live.missing():
        supervisor.start(processes.LIVE)
    with step("Sockets"):
        _wait(running, "sockets", lambda: ready.status(_verdict(stack)) not in SILENT)
    with step("Workers"):
        _wait(running, "media", lambda: ready.logged(stack.log / "media.log", " ready."))
        _wait(running, "default", lambda: ready.logged(stack.log / "default.log", " ready."))
    if stack.broadcast:
        with step("Picture of the live class"):
            _wait(running, "media", lambda: _has_picture(stack))
    if not live.missing():
        with suppress(StackError), step("WebRTC"):  # the step has said so; the rest works without
            _wait(running, "janus", lambda: ready.unix(janus.of(stack).socket, socket.SOCK_SEQPACKET))
            _wait(running, "coturn", lambda: not ports.is_free(stack.webrtc.turn_port))
            _wait(running, "sfu", lambda: ready.unix(Path(running.environment["SFU_SOCKET"]), socket.SOCK_STREAM))
    for line in live.advice():
        progress.say(line)


def _site_steps(running: Starting, step: progress.Step, *, then: dict[str, Callable[[], None]]) -> None:
    """Migrate, collect and seed in one Python process, each with its own line; `then` is called after a step."""
    log = running.stack.log / "setup.log"
    steps = {
        name: words for name, words in STEPS.items() if name != "collectstatic" or not running.stack.from_sources
    }
    commands = [command for _, command in steps.values()]
    argv = [sys.executable, "-m", "deploy.local.site", *commands]
    with (
        log.open("w") as output,
        subprocess.Popen(
            argv, cwd=config.ROOT, env=running.environment, stdout=subprocess.PIPE, stderr=output, text=True
        ) as child,
    ):
        try:
            for name, (label, _) in steps.items():
                with step(label):
                    _until_done(child, name, output.write, log)
                if name in then:
                    then[name]()
        except BaseException:
            child.kill()
            raise


def _until_done(child: subprocess.Popen[str], name: str, write: Callable[[str], object], log: Path) -> None:
    for line in child.stdout or ():
        if line.strip() == f"{site.MARK}{name}".strip():
            return
        write(line)
    child.wait()
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise StackError(f"`manage.py {name}` failed. The end of {log}:\n{tail}")


def _wait(running: Starting, name: str, answers: Callable[[], bool]) -> None:
    what = f"{name} (see {running.stack.log / name}.log)"
    ready.wait(what, answers, seconds=SECONDS, check=running.check)


def _has_picture(stack: config.Stack) -> bool:
    room = stack.demo()["streams"]["live"]["room_id"]
    return Path(stack.hls, room, "playlist.m3u8").exists()


def _public(stack: config.Stack) -> str:
    host = "127.0.0.1" if stack.bind == EVERY_ADDRESS else stack.bind
    return f"https://{host}:{stack.tls.https_port}/" if stack.tls else f"http://{host}:{stack.http_port}/"


def _verdict(stack: config.Stack) -> str:
    return f"http://127.0.0.1:{stack.internal.sockets}/_verdict"

"""Brings a stack up and takes it down again."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.local import clip, config, control, ports, processes, progress, ready, render, secrets_file, site
from deploy.local.errors import StackError

STEPS = {
    "migrate": ("Database migrated", "migrate --no-input --verbosity=0"),
    "collectstatic": ("Static files collected", "collectstatic --no-input --verbosity=0"),
    "seed_demo": ("Demo clubs, people and classes", "seed_demo"),
}
START_SECONDS = 60
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 -- compared with, not listened on
SOCKETS_SILENT = frozenset({0, 502, 503, 504})


class RunningStack:
    """A stack that is up. `stop` takes it down and may be called twice."""

    def __init__(self, stack: config.Stack, child: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
        self.stack = stack
        self.environment = environment
        self.supervisor = control.Supervisor(stack)
        self._child = child

    @property
    def demo(self) -> dict[str, Any]:
        """What the seed tells scripts: accounts, clubs, classes."""
        content: dict[str, Any] = json.loads(self.stack.demo_json.read_text())
        return content

    def check(self) -> None:
        """Raise when the process manager has gone or gives a process up."""
        self.check_manager()
        given_up = [info["name"] for info in self.supervisor.processes() if info["statename"] == "FATAL"]
        if given_up:
            files = ", ".join(str(self.stack.log / f"{name}.log") for name in given_up)
            raise StackError(f"These processes do not stay up: {', '.join(given_up)}. See {files}")

    def check_manager(self) -> None:
        if not self.alive():
            raise StackError(f"The process manager stopped. See {self.stack.log}/supervisord-output.log")

    def alive(self) -> bool:
        return self._child.poll() is None

    def manage(self, *arguments: str, timeout: float = 120) -> str:
        """Run manage.py beside the stack and return what it printed."""
        argv = [config.tool("python"), str(config.ROOT / "manage.py"), *arguments]
        result = subprocess.run(
            argv, env=self.environment, capture_output=True, text=True, check=False, timeout=timeout
        )
        if result.returncode:
            raise StackError(f"manage.py {' '.join(arguments)} failed:\n{(result.stdout + result.stderr)[-4000:]}")
        return result.stdout

    def stop(self) -> None:
        stop(self.stack)
        self._child.wait(10)


def start(stack: config.Stack, *, step: progress.Step = progress.shown, tied: bool = True) -> RunningStack:
    """Start every process and return when the site answers and the ingest listens.

    `tied`: the processes end with the caller, however it ends. Raises StackError; nothing is left running then.
    """
    ports.require({"HTTP_PORT": stack.http_port, "RTMP_PORT": stack.rtmp_port}, stack.bind)
    control.end(control.strays(stack))  # of a process manager that was killed
    environment = _prepare(stack)
    child = _supervisord(stack, environment, tied=tied)
    running = RunningStack(stack, child, environment)
    try:
        with step("Process manager and Redis"):
            manager = running.supervisor.running
            ready.wait("The process manager", manager, seconds=START_SECONDS, check=running.check_manager)
            _wait(running, "Redis", lambda: ready.redis(stack.internal.redis, _password(stack)))
        _site_steps(stack, environment, step)
        if stack.broadcast:
            with step("Clip of the synthetic class"):
                clip.make(stack.demo_files / clip.NAME)
        running.supervisor.start_group(processes.GROUP)
        _wait_for_all(running, step)
    except BaseException:
        running.stop()
        raise
    return running


def stop(stack: config.Stack) -> None:
    """Stop every process of the stack, and make sure that none is left."""
    supervisor = control.Supervisor(stack)
    if supervisor.running():
        pid = supervisor.pid()
        # Redis goes last: the media worker says good-bye through it.
        supervisor.stop_group(processes.GROUP, seconds=15)
        supervisor.shutdown()
        deadline = time.monotonic() + 15
        while control.alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    control.end(control.strays(stack))
    control.socket_path(stack).unlink(missing_ok=True)
    saved(stack).unlink(missing_ok=True)


def saved(stack: config.Stack) -> Path:
    """Ports and addresses of the running stack, for `status` and `manage` of another process."""
    return stack.run / "stack.json"


def secrets(stack: config.Stack) -> dict[str, str]:
    return secrets_file.load(stack.state / "demo-secrets")


def _password(stack: config.Stack) -> str:
    return secrets(stack)["REDIS_PASSWORD"]


def _prepare(stack: config.Stack) -> dict[str, str]:
    """Write directories and configurations; return the environment of the processes."""
    for directory in stack.directories:
        directory.mkdir(parents=True, exist_ok=True)
    stack.run.chmod(0o700)  # configurations with secrets, and the sockets
    for old in (*stack.log.glob("*.log*"), *stack.run.glob("*.pid")):
        if old.name != "bootstrap.log":
            old.unlink()
    shutil.rmtree(stack.run / "nginx" / "verdict", ignore_errors=True)  # no verdict outlives a restart
    known = secrets(stack)
    files = render.nginx_configs(stack, known["HOOK_SECRET"])
    files["redis.conf"] = render.redis_config(stack, known["REDIS_PASSWORD"])
    files["supervisord.conf"] = processes.supervisord_config(stack)
    environment = os.environ | stack.environment(known)
    files["stack.json"] = json.dumps(stack.environment(known), indent=1)
    for name, text in files.items():
        secrets_file.write_private(stack.run / name, text)
    return environment


def _supervisord(stack: config.Stack, environment: dict[str, str], *, tied: bool) -> subprocess.Popen[bytes]:
    argv = [config.tool("supervisord"), "-c", str(stack.run / "supervisord.conf")]
    if tied and (setpriv := shutil.which("setpriv")):
        argv = [setpriv, "--pdeathsig", "TERM", *argv]
    control.socket_path(stack).unlink(missing_ok=True)
    with (stack.log / "supervisord-output.log").open("wb") as output:
        return subprocess.Popen(
            argv,
            cwd=stack.run,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to us alone, and we stop the processes in order
        )


def _site_steps(stack: config.Stack, environment: dict[str, str], step: progress.Step) -> None:
    """Migrate, collect and seed in one Python process, each with its own line."""
    log = stack.log / "setup.log"
    commands = [command for _, command in STEPS.values()]
    argv = [sys.executable, "-m", "deploy.local.site", *commands]
    with (
        log.open("w") as output,
        subprocess.Popen(
            argv, cwd=config.ROOT, env=environment, stdout=subprocess.PIPE, stderr=output, text=True
        ) as child,
    ):
        try:
            for name, (label, _) in STEPS.items():
                with step(label):
                    _until_done(child, name, output.write, log)
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


def _wait_for_all(running: RunningStack, step: progress.Step) -> None:
    stack = running.stack
    host = "127.0.0.1" if stack.bind == EVERY_ADDRESS else stack.bind
    base = f"http://{host}:{stack.http_port}"
    with step("Site and API"):
        _wait(running, f"The site (see {stack.log}/http.log)", lambda: 200 <= ready.status(f"{base}/") < 500)
    with step("Sockets"):
        _wait(
            running,
            f"The socket server (see {stack.log}/sockets.log)",
            lambda: ready.status(_verdict(stack)) not in SOCKETS_SILENT,
        )
    with step("RTMP ingest"):
        stat = f"http://127.0.0.1:{stack.internal.stat}/stat"
        _wait(running, f"The ingest (see {stack.log}/nginx-rtmp.log)", lambda: ready.status(stat) == 200)
    with step("Workers"):
        for name in ("media", "default"):
            log = stack.log / f"{name}.log"
            _wait(running, f"The worker (see {log})", lambda log=log: ready.logged(log, " ready."))  # type: ignore[misc]


def _verdict(stack: config.Stack) -> str:
    return f"http://127.0.0.1:{stack.internal.sockets}/_verdict"


def _wait(running: RunningStack, what: str, answers: Callable[[], bool]) -> None:
    ready.wait(what, answers, seconds=START_SECONDS, check=running.check)

"""Brings a stack up and takes it down again."""

import json
import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from deploy.local import (
    bringup,
    certificate,
    config,
    control,
    coturn,
    database,
    janus,
    live,
    ports,
    processes,
    progress,
    render,
    secrets_file,
)
from deploy.local.errors import StackError
from media_worker.sfu.janus.secrets import RoomSecrets


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
        return self.stack.demo()

    def check(self) -> None:
        """Raise when the process manager has gone or gives a process up."""
        self.check_manager()
        fatal = [info["name"] for info in self.supervisor.processes() if info["statename"] == "FATAL"]
        given_up = [name for name in fatal if name not in processes.LIVE]
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
    ports.require(stack.public_ports, stack.bind)
    control.end(control.strays(stack))  # of a process manager that was killed
    environment = _prepare(stack)
    child = _supervisord(stack, environment, tied=tied)
    running = RunningStack(stack, child, environment)
    try:
        bringup.bring_up(running, step)
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
        supervisor.stop_group(seconds=15)
        supervisor.shutdown()
        deadline = time.monotonic() + 15
        while control.alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    control.end(control.strays(stack))
    control.socket_path(stack).unlink(missing_ok=True)
    saved(stack).unlink(missing_ok=True)
    if stack.live_folder.parent != stack.run:
        shutil.rmtree(stack.live_folder, ignore_errors=True)


def saved(stack: config.Stack) -> Path:
    """Ports and addresses of the running stack, for `status` and `manage` of another process."""
    return stack.run / "stack.json"


def as_started(stack: config.Stack) -> config.Stack:
    """The same stack with the addresses that it was started with, whatever today's environment says."""
    told = json.loads(saved(stack).read_text())
    return replace(stack, extra={name: told[name] for name in ("PUBLIC_URL", "RTMP_PUBLIC_URL")})


def secrets(stack: config.Stack) -> dict[str, str]:
    return secrets_file.load(stack.state / "demo-secrets")


def _prepare(stack: config.Stack) -> dict[str, str]:
    """Write directories and configurations; return the environment of the processes."""
    for line in database.set_aside(stack):
        progress.say(line)
    for directory in stack.directories:
        directory.mkdir(parents=True, exist_ok=True)
    stack.run.chmod(0o700)  # configurations with secrets, and the sockets
    for old in (*stack.log.glob("*.log*"), *stack.run.glob("*.pid"), *stack.run.glob("*.group")):
        if old.name != "bootstrap.log":
            old.unlink()
    known = secrets(stack)
    if stack.tls:
        certificate.ensure(stack.tls, stack.hosts)
    if not live.missing():
        janus.write(janus.of(stack), RoomSecrets(known["SFU_SECRET"]))
        coturn.write(stack, known["TURN_SERVER_SECRET"])
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

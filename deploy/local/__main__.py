"""python -m deploy.local run | up | down | status | manage ..."""

import json
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from deploy.local import config, control, lifecycle, progress, report
from deploy.local.errors import StackError

USAGE = "usage: python -m deploy.local run | up | down | status | manage <command> ..."

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """SIGINT, SIGTERM or SIGHUP came."""


def main(arguments: list[str]) -> int:
    command, *rest = arguments or [""]
    commands = {"run": run, "up": up, "down": down, "status": status}
    try:
        if command == "manage":
            return manage(rest)
        if command not in commands or rest:
            print(USAGE, file=sys.stderr)
            return 2
        return commands[command]()
    except StackError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


def run() -> int:
    """Stay in the foreground until Ctrl-C, then stop every process."""
    for number in ENDING:
        signal.signal(number, _stopped)
    stack = _not_running_yet()
    running = None
    try:
        running = lifecycle.start(stack)
        progress.say(report.table(stack))
        progress.say("Ctrl-C stops everything.")
        _watch(running)
    except Stopped:
        pass
    finally:
        if running:
            with progress.shown("Everything stopped"):
                running.stop()
    return 0


def up() -> int:
    """May be called again: a demo that runs is left as it is."""
    stack = config.demo()
    if control.Supervisor(stack).running():
        stack = lifecycle.as_started(stack)
    else:
        lifecycle.start(stack, tied=False)
    print(report.table(stack))
    print("It runs in the background. Stop it with: make demo-down")
    return 0


def down() -> int:
    stack = config.demo()
    if not control.Supervisor(stack).running() and not control.strays(stack):
        print("The demo is not running.")
        return 0
    with progress.shown("Everything stopped"):
        lifecycle.stop(stack)
    return 0


def status() -> int:
    """0 when every process runs, 3 when the demo is not running, 1 when something is amiss."""
    stack = config.demo()
    supervisor = control.Supervisor(stack)
    if not supervisor.running():
        print("The demo is not running. Start it with: make demo")
        return 3
    infos = supervisor.processes()
    for info in infos:
        print(f"  {info['name']:<12} {info['statename'].lower():<10} {info['description']}")
    print(report.table(lifecycle.as_started(stack)))
    return 0 if all(info["statename"] == "RUNNING" for info in infos) else 1


def manage(arguments: list[str]) -> int:
    """Run manage.py with the addresses and secrets of the running demo."""
    path = lifecycle.saved(config.demo())
    if not path.exists():
        raise StackError("The demo is not running. Start it with: make demo-up")
    environment = os.environ | json.loads(path.read_text())
    argv = [config.tool("python"), str(config.ROOT / "manage.py"), *arguments]
    return subprocess.run(argv, env=environment, check=False).returncode


def _not_running_yet() -> config.Stack:
    stack = config.demo()
    if control.Supervisor(stack).running():
        address = lifecycle.as_started(stack).public_url
        raise StackError(f"The demo runs already: {address}\nStop it with: make demo-down")
    return stack


def _watch(running: lifecycle.RunningStack) -> None:
    """Say so when a process was restarted or given up; return when somebody else stopped the demo."""
    pids: dict[str, int] = {}
    while running.alive():
        try:
            infos = running.supervisor.processes()
        except OSError:  # `make demo-down` in another terminal
            continue
        finally:
            time.sleep(1)
        for info in infos:
            name, pid = info["name"], info["pid"]
            if pid and pids.setdefault(name, pid) != pid:
                progress.say(f"  {name} had stopped and was restarted. See {running.stack.log / name}.log")
                pids[name] = pid
    progress.say("The demo was stopped from elsewhere.")


def _stopped(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the stopping and leave half of it behind.
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

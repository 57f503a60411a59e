"""The processes of a stack, and the supervisord configuration that keeps them running."""

import os
import shlex
from dataclasses import dataclass

from deploy.local import config, control, coturn, janus, live, programs

# What the live picture needs comes first.
FIRST = ["nginx-http", "nginx-rtmp", "http", "media"]
SECOND = ["sockets", "default", "beat"]
LIVE = ["janus", "coturn", "sfu"]  # WebRTC; where it cannot be, the rest is there all the same
BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    argv: list[str]
    stop_seconds: int = 8
    # A Celery worker ends its pool itself, after its tasks said good-bye; killed is always the whole group.
    stop_group: bool = True


def redis(stack: config.Stack) -> Process:
    return Process("redis", [programs.find("redis-server"), str(stack.run / "redis.conf")])


def servers(stack: config.Stack) -> list[Process]:
    """Everything but Redis, which is started before them and stopped after them, and the broadcaster."""
    return [
        Process("http", _granian(stack)),
        Process("sockets", _uvicorn(stack)),
        Process("media", _celery("media", concurrency=4), stop_seconds=12, stop_group=False),
        Process("default", _celery("default", concurrency=1), stop_group=False),
        Process("beat", [*_CELERY, "beat", "-s", str(stack.run / "celerybeat"), "--pidfile=", "-l", "WARNING"]),
        Process("nginx-http", _nginx(stack, "nginx-http.conf")),
        Process("nginx-rtmp", _nginx(stack, "nginx-rtmp.conf")),
        *_live(stack),
    ]


def _live(stack: config.Stack) -> list[Process]:
    if live.missing():
        return []
    return [
        Process("janus", janus.of(stack).argv()),
        Process("coturn", coturn.argv(stack)),
        Process("sfu", [config.tool("python"), "-m", "media_worker.sfu"]),
    ]


def broadcaster() -> Process:
    """The synthetic instructor."""
    return Process(BROADCAST, [config.tool("python"), "-m", "deploy.local.broadcast"])


_CELERY = [config.tool("celery"), "-A", "fitfriends"]


def _celery(queue: str, *, concurrency: int) -> list[str]:
    argv = [*_CELERY, "worker", "-Q", queue, "-n", f"{queue}@%h", "-c", str(concurrency), "-O", "fair"]
    # One machine has no other workers to get to know; asking for them costs a second at every start.
    return [*argv, "--prefetch-multiplier", "1", "-l", "INFO", "--without-mingle", "--without-gossip"]


def _granian(stack: config.Stack) -> list[str]:
    argv = [config.tool("granian"), "--interface", "wsgi", "fitfriends.wsgi:application", "--no-access-log"]
    return [
        *argv,
        *_address(stack.internal.app),
        "--workers",
        "1",
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
    ]


def _uvicorn(stack: config.Stack) -> list[str]:
    argv = [config.tool("uvicorn"), "fitfriends.asgi:application", *_address(stack.internal.sockets)]
    # Frames that are ready go to the transport as they are: see chat/realtime/transport.py.
    argv += ["--ws", "chat.realtime.transport:RoomProtocol"]
    # Compressing per member costs a hub three quarters of its capacity; and no query string in a log.
    argv += ["--ws-per-message-deflate", "false", "--ws-max-size", "65536", "--no-access-log"]
    return [*argv, "--log-level", "warning", "--timeout-graceful-shutdown", "2"]


def _address(port: int) -> list[str]:
    return ["--host", "127.0.0.1", "--port", str(port)]


def _nginx(stack: config.Stack, name: str) -> list[str]:
    # -e: until the configuration is read, Debian's nginx would write to /var/log, which only root may.
    return [programs.find("nginx"), "-e", "stderr", "-p", str(stack.run), "-c", str(stack.run / name)]


def supervisord_config(stack: config.Stack) -> str:
    """For a supervisord that is started in the run folder.

    Paths of logs are relative, for it expands a % in them twice, and a clone's path may hold one.
    """
    members = servers(stack) + ([broadcaster()] if stack.broadcast else [])
    parts = [_head(stack), _program(stack, redis(stack), autostart=True)]
    parts += [_program(stack, process, autostart=False) for process in members]
    names = ",".join(process.name for process in members)
    parts.append(f"[group:{config.GROUP}]\nprograms={names}\npriority=20\n")
    return "\n".join(parts)


def _head(stack: config.Stack) -> str:
    as_root = "user=root\n" if os.geteuid() == 0 else ""
    return f"""[unix_http_server]
file={_plain(str(control.socket_path(stack)))}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisord]
{as_root}nodaemon=true
silent=true
logfile=../log/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
pidfile=supervisord.pid
"""


def _program(stack: config.Stack, process: Process, *, autostart: bool) -> str:
    guarded = [config.tool("python"), "-m", "deploy.local.guard", process.name, *process.argv]
    return f"""[program:{process.name}]
command={_plain(shlex.join(guarded))}
directory={_plain(str(stack.run))}
priority=10
autostart={str(autostart).lower()}
autorestart=true
startsecs=1
startretries=60
stopasgroup={str(process.stop_group).lower()}
killasgroup=true
stopwaitsecs={process.stop_seconds}
redirect_stderr=true
stdout_logfile=../log/{process.name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""


def _plain(value: str) -> str:
    """Supervisord expands % in its values."""
    return value.replace("%", "%%")

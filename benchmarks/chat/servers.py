"""The servers that are compared, each with the way a message gets to it: ours, two idioms, two of Node, the floor."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import redis

from benchmarks import harness
from benchmarks.chat import stage
from deploy.local import config, ports, ready

RIVALS = harness.ROOT / "benchmarks" / "chat" / "rivals"
_FILLER = "Keep your back straight and breathe out slowly."

type Publish = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Server:
    """`publish(number)` says a message with this number to all of a room."""

    port: int
    pid: int
    paths: list[str]
    publish: Publish


numbers = count(1)  # of messages, over all servers of a run


def say(publish: Publish, rate: float, *, seconds: float) -> int:
    """So many messages a second, evenly; how many they were."""
    began, said = time.monotonic(), 0
    while (now := time.monotonic()) < began + seconds:
        if said <= (now - began) * rate:
            publish(next(numbers))
            said += 1
        else:
            time.sleep(min(0.001, 1 / rate))
    return said


_padding = ""


def pad(characters: int) -> None:
    """Makes all messages from now on so much longer."""
    global _padding  # noqa: PLW0603 -- a benchmark is one thread
    _padding = "x" * characters


def text_of(number: int) -> str:
    """What load.c looks for: the number, and when it was said."""
    return f"~{number:010}~{time.monotonic_ns():019}~ {_FILLER}{_padding}"


def plain(number: int) -> str:
    """A frame of about 190 bytes, as ours has them."""
    return json.dumps(
        {"type": "chat_message", "id": number, "seq": number, "user_id": 7, "username": "Cleo", "role": "member"}
        | {"message": text_of(number), "timestamp": 1772434801007}
    )


# --- ours ----------------------------------------------------------------------------------------------------
@contextmanager
def ours(room: stage.Room, *, window_ms: int = 50, wire: bool = True, port: int = 0) -> Iterator[Server]:
    """As `make demo` runs it; `wire=False` by ASGI's send, as any other server would."""
    port = port or ports.pick(1)[0]
    argv = [config.tool("uvicorn"), "fitfriends.asgi:application", "--port", str(port), "--no-access-log"]
    argv += ["--log-level", "warning", "--ws-per-message-deflate", "false", "--backlog", "4096"]
    argv += ["--ws", "chat.realtime.transport:RoomProtocol"] if wire else []
    with harness.server(
        argv,
        ready=lambda: ready.status(f"http://127.0.0.1:{port}/_verdict") == 403,
        environment={"CHAT_WINDOW_MS": str(window_ms)},
    ) as pid:
        yield Server(port, pid, room.paths, publisher(room))


def publisher(room: stage.Room) -> Publish:
    """As the domain tells a message that is stored. The server is fresh and the room empty: numbers begin with 1."""
    from chat.domain import broadcast
    from chat.frames.room import ChatMessage

    seqs = count(1)

    def publish(number: int) -> None:
        frame = ChatMessage(
            id=number,
            seq=next(seqs),
            user_id=7,
            username="Cleo",
            role="member",
            message=text_of(number),
            timestamp=1772434801007,
            media_time=None,
            client_id=None,
            deleted=False,
        )
        broadcast.event(room.room_id, frame)

    return publish


# --- rivals --------------------------------------------------------------------------------------------------
@contextmanager
def idiom(server: str, members: int) -> Iterator[Server]:
    """Channels as documented, on daphne or uvicorn."""
    from django.core.signing import Signer

    (port,) = ports.pick(1)
    argv = [config.tool(server), "benchmarks.chat.rivals.idiom:application"]
    argv = (
        [*argv[:1], "--port", str(port), *argv[1:]]
        if server == "uvicorn"
        else [*argv[:1], "-p", str(port), *argv[1:]]
    )
    if server == "uvicorn":
        argv += ["--log-level", "warning", "--ws-per-message-deflate", "false", "--backlog", "4096"]
    else:
        argv += ["-v", "0"]
    with harness.server(argv, ready=lambda: harness.listens(port)) as pid, _group_sender() as publish:
        paths = [f"/room/bench?token={Signer(key='bench').sign(f'member-{number}')}" for number in range(members)]
        yield Server(port, pid, paths, publish)


@contextmanager
def _group_sender() -> Iterator[Publish]:
    """group_send on a loop of its own, as a worker with a running loop would do it."""
    from channels_redis.pubsub import RedisPubSubChannelLayer

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    layer = RedisPubSubChannelLayer(hosts=[os.environ["REDIS_URL"]])

    def publish(number: int) -> None:
        event: dict[str, Any] = {"type": "chat.message", "payload": json.loads(plain(number))}
        asyncio.run_coroutine_threadsafe(layer.group_send("bench", event), loop).result(10)

    try:
        yield publish
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@contextmanager
def node(script: str, members: int) -> Iterator[Server]:
    """ws.js or socketio.js."""
    (port,) = ports.pick(1)
    home = _installed()
    argv = ["node", str(home / script), str(port), os.environ["REDIS_URL"]]
    path = "/socket.io/?EIO=4&transport=websocket" if script == "socketio.js" else "/"
    with harness.server(argv, ready=lambda: harness.listens(port)) as pid:
        yield Server(port, pid, [path] * members, _by_redis())


@contextmanager
def floor(members: int) -> Iterator[Server]:
    (port,) = ports.pick(1)
    argv = [sys.executable, "-m", "benchmarks.chat.rivals.floor", str(port), os.environ["REDIS_URL"]]
    with harness.server(argv, ready=lambda: harness.listens(port)) as pid:
        yield Server(port, pid, ["/"] * members, _by_redis())


def _by_redis() -> Publish:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])

    def publish(number: int) -> None:
        client.publish("bench", plain(number))

    return publish


def _installed() -> Any:
    home = harness.ROOT / "var" / "benchmarks" / "rivals"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "ws.js", "socketio.js"):
        shutil.copy(RIVALS / name, home / name)
    if not (home / "node_modules" / "socket.io").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=home, check=True)
    return home

"""Sockets into the signalling of Ben's class, over a gateway that a test plays."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from accounts.models import User
from streaming.domain.ingest import keys
from streaming.enums import Mode, Role, State
from streaming.models import Stream
from streaming.webrtc import gateway as sfu
from streaming.webrtc import housekeeping
from streaming.webrtc import room as signalling_room
from streaming.webrtc.hub import hub
from streaming.webrtc.threads import close_connections, in_thread
from tests.cast import Cast
from tests.chat.conftest import Socket, room_token
from tests.services import janus as service
from tests.streaming.factories import make_stream

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
LINE = "candidate:1 1 udp 2122260223 192.168.1.7 54321 typ host"


class PlayedGateway:
    """What a gateway is told, and what it says when a test wants it to."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.peers: dict[str, sfu.Listener] = {}
        self.rooms: dict[str, sfu.Listener] = {}
        self.refusal: sfu.SfuError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self._number = 0

    def say(self, event: sfu.Event) -> None:
        if isinstance(event, sfu.Ready | sfu.SourceGone):
            self.rooms[event.room].happened(event)
        elif isinstance(event, sfu.Reset):
            for listener in {*self.peers.values(), *self.rooms.values()}:
                listener.happened(event)
        else:
            self.peers[event.peer].happened(event)

    async def publish(self, listener: sfu.Listener, *, room: str, person: str, sdp: str, push_url: str) -> sfu.Opened:
        return await self._open(listener, "publish", room, person, push_url)

    async def subscribe(
        self, listener: sfu.Listener, *, room: str, person: str, pull_url: str = "", copy: bool | None = None
    ) -> sfu.Opened:
        return await self._open(listener, "subscribe", room, person, pull_url, copy)

    async def _open(self, listener: sfu.Listener, *asked: Any) -> sfu.Opened:
        self.asked.append(asked)
        await self.gate.wait()
        if self.refusal:
            raise self.refusal
        self._number += 1
        peer = f"p{self._number}"
        self.peers[peer] = listener
        return sfu.Opened(peer, SDP)

    async def answer(self, peer: str, sdp: str) -> None:
        self.asked.append(("answer", peer, sdp))

    async def candidate(self, peer: str, candidate: sfu.Candidate | None) -> None:
        self.asked.append(("candidate", peer, candidate))

    async def restart(self, peer: str, sdp: str = "") -> str:
        self.asked.append(("restart", peer, sdp))
        return SDP

    async def report(self, peer: str, state: str) -> None:
        self.asked.append(("report", peer, state))

    async def close(self, peer: str) -> None:
        self.peers.pop(peer, None)

    async def watch(self, listener: sfu.Listener, room: str) -> None:
        self.rooms[room] = listener

    async def unwatch(self, listener: sfu.Listener, room: str) -> None:
        self.rooms.pop(room, None)

    async def disconnect(self) -> None:
        self.peers.clear()

    async def until(self, holds: Callable[[], bool], *, within: float = 8) -> None:
        """What follows from a frame without being answered."""
        async with asyncio.timeout(within):
            while not holds():  # noqa: ASYNC110 -- what is awaited is no event of ours
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at unasked is looked at often."""
    monkeypatch.setattr(housekeeping, "ROUND_SECONDS", 0.1)
    monkeypatch.setattr(signalling_room, "MOVING_SECONDS", 0.5)


@pytest.fixture
async def gateway(monkeypatch: pytest.MonkeyPatch) -> PlayedGateway:
    played = PlayedGateway()
    monkeypatch.setattr(sfu, "make", lambda: played)
    return played


@pytest.fixture
def stream(cast: Cast) -> Stream:
    """Live, interactive, with an encoder."""
    made = make_stream(cast.session, State.LIVE, mode=Mode.INTERACTIVE)
    keys.issue(made)
    return made


type Enter = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def sockets() -> AsyncIterator[list[Socket]]:
    opened: list[Socket] = []
    yield opened
    for socket in opened:
        if not socket.communicator.future.done():
            await socket.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
            await socket.communicator.wait(5)
    assert not hub().rooms, "a room stays behind"


def _entering(sockets: list[Socket]) -> Enter:
    async def opened(
        stream: Stream, user: User, role: Role = Role.VIEWER, *, hello: bool = True, **kw: Any
    ) -> Socket:
        token = await in_thread(room_token)(stream, user, role=role, **kw)
        socket = Socket(f"/webrtc/{stream.room_id}?token={token}")
        sockets.append(socket)
        await socket.open()
        if hello:
            socket.hello = await socket.next("hello")
        return socket

    return opened


@pytest.fixture
def enter(sockets: list[Socket], gateway: PlayedGateway) -> Enter:
    """Opens a socket with a token of this person's, and waits for the hello."""
    return _entering(sockets)


@pytest.fixture
def enter_real(sockets: list[Socket], tmp_path: Path, settings: Any) -> Enter:
    """The same, over the gateway that listens in this test's folder."""
    settings.SFU_SOCKET = str(tmp_path / "sfu.sock")
    settings.RTMP_PULL_URL = "rtmp://127.0.0.1:9/live"  # nobody there: what the bridge does is not this test's
    return _entering(sockets)


@pytest.fixture(scope="session")
def janus_server() -> Iterator[service.Server]:
    with service.running() as server:
        yield server


@pytest.fixture(autouse=True)
def no_connections_left(clean_redis: None) -> Iterator[None]:
    yield
    close_connections()
    connections.close_all()


def change(stream: Stream, **changes: Any) -> Awaitable[int]:
    """A change of the row, as another process makes it."""

    def write() -> int:
        return Stream.objects.filter(pk=stream.pk).update(**changes)

    return in_thread(write)()

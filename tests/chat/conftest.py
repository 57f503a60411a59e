"""A room of Ben's class, and sockets into it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.db import connections

from accounts.models import User
from chat import threads
from chat.domain import messages, posting, rooms
from chat.models import Message, Room
from chat.realtime.hub import hub
from clubs.enums import Role as ClubRole
from clubs.models import Membership, SessionModerator
from fitfriends.asgi import application
from fitfriends.core import clock
from streaming.domain import access
from streaming.domain.tokens import redis_clock, signing
from streaming.enums import ClassRole, Role, State
from streaming.models import Stream
from tests.cast import Cast, add_member, make_user
from tests.streaming.factories import make_stream

type Frame = dict[str, Any]


@pytest.fixture
def stream(cast: Cast) -> Stream:
    return make_stream(cast.session, State.LIVE)


@pytest.fixture
def room(stream: Stream) -> Room:
    return rooms.find(stream.room_id)


@pytest.fixture
def people(cast: Cast, stream: Stream) -> dict[str, User]:
    """The cast, an operator, colleague Kim, the club's moderator Mia, the class's Sam, and one who left."""
    more = {name: make_user(name.title(), is_staff=name == "op") for name in ("op", "kim", "mia", "sam", "gone")}
    add_member(cast.club, more["kim"], ClubRole.INSTRUCTOR)
    add_member(cast.club, more["mia"], ClubRole.MODERATOR)
    add_member(cast.club, more["sam"])
    SessionModerator.objects.create(group_session=cast.session, user=more["sam"])
    left = add_member(cast.club, more["gone"])
    Membership.objects.filter(pk=left.pk).update(left_at=clock.now())
    return cast.people | more


def said_by(room: Room, author: User, text: str = "Hello") -> Message:
    posted = posting.post(room, author=author, role=ClassRole.MEMBER, text=text).message
    return messages.find(posted.pk)


def room_token(stream: Stream, user: User, **kw: Any) -> str:
    given: dict[str, Any] = {
        "room_id": stream.room_id,
        "user_id": user.pk,
        "name": user.display_name,
        "role": Role.VIEWER,
        "class_role": access.class_role(user, stream) or ClassRole.MEMBER,
        "issued": redis_clock.now(),
        "expires": int(clock.now().timestamp()) + 600,
    }
    return signing.write_room(signing.RoomToken(**(given | kw)))


class Socket:
    """A client that keeps what arrives until somebody asks for it."""

    def __init__(self, address: str, **kw: Any) -> None:
        self.communicator = WebsocketCommunicator(application, address, **kw)
        self.frames: list[Frame] = []
        self.code: int | None = None
        self.subprotocol: str | None = None
        self.hello: Frame = {}

    async def open(self) -> "Socket":
        accepted, self.subprotocol = await self.communicator.connect(5)
        assert accepted
        return self

    async def send(self, frame: object) -> None:
        await self.communicator.send_to(text_data=frame if isinstance(frame, str) else json.dumps(frame))

    async def next(self, kind: str, *, within: float = 5) -> Frame:
        """The next frame of this type; others are left for later."""
        async with asyncio.timeout(within):
            while True:
                for frame in self.frames:
                    if frame["type"] == kind:
                        self.frames.remove(frame)
                        return frame
                await self._read()

    async def take(self) -> Frame | None:
        """The next frame of any type; None when the socket is closed."""
        while not self.frames and self.code is None:
            await self._read()
        return self.frames.pop(0) if self.frames else None

    async def until(self, kind: str) -> AsyncIterator[Frame]:
        """Every frame up to the first of this type."""
        while (frame := await self.take()) is not None:
            yield frame
            if frame["type"] == kind:
                return

    async def closed(self, *, within: float = 5) -> int:
        async with asyncio.timeout(within):
            while self.code is None:
                await self._read()
        return self.code

    async def say(self, message: str, **kw: Any) -> None:
        await self.send({"type": "chat_message", "message": message, **kw})

    async def quiet(self, kind: str = "chat_message", *, seconds: float = 0.5) -> bool:
        """Nothing of this type arrives."""
        try:
            await self.next(kind, within=seconds)
        except TimeoutError:
            return True
        return False

    async def _read(self) -> None:
        # receive_output() cancels the application when it times out: read its queue instead.
        event = await self.communicator.output_queue.get()
        if event["type"] == "websocket.close":
            self.code = event["code"]
            await self.communicator.send_input({"type": "websocket.disconnect", "code": event["code"]})
        else:
            found = json.loads(event["text"])
            self.frames.extend(found if isinstance(found, list) else [found])


type Enter = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def sockets() -> AsyncIterator[list[Socket]]:
    """Every socket that a test opened; closed at its end, with the hub."""
    opened: list[Socket] = []
    yield opened
    for socket in opened:
        if not socket.communicator.future.done():
            await socket.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
            await socket.communicator.wait(5)
    await hub().close()
    await get_channel_layer().flush()


@pytest.fixture
def enter(sockets: list[Socket]) -> Enter:
    """Opens a socket with a token of this person's, and waits for the welcome."""

    async def opened(stream: Stream, user: User, *, welcome: bool = True, **kw: Any) -> Socket:
        token = await threads.in_thread(room_token)(stream, user, **kw)
        socket = Socket(f"/room/{stream.room_id}?token={token}")
        sockets.append(socket)
        await socket.open()
        if welcome:
            socket.hello = await socket.next("welcome")
        return socket

    return opened


@pytest.fixture(autouse=True)
def no_connections_left(clean_redis: None) -> Iterator[None]:
    yield
    threads.close_connections()
    connections.close_all()

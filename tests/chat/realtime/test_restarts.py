"""Redis goes away in the middle of a class, with all it knew, and comes back: no message is lost."""

import asyncio
import contextlib
import json
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from chat.domain import room_state
from chat.models import Message, Room
from chat.threads import in_thread
from fitfriends.core.frames import plain
from tests.cast import Cast
from tests.chat.conftest import room_token
from tests.chat.reader import Reader
from tests.chat.serving import serving
from tests.services import child, redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

# As it is, but compared with the database every second and not every fifteen.
HASTY = "from chat.realtime import housekeeping; housekeeping.COMPARE_HEADS = 1"


class Client:
    """A Reader on a real socket that comes back."""

    def __init__(self, address: str) -> None:
        self.reader = Reader(address[-6:].lower())
        self.changed = asyncio.Condition()
        self._address = address
        self._socket: ClientConnection | None = None

    async def live(self) -> None:
        while True:
            with contextlib.suppress(ConnectionClosed, OSError):
                async with connect(self._address) as self._socket:
                    async for text in self._socket:
                        await self._send(self.reader.take(json.loads(text)))
                        async with self.changed:
                            self.changed.notify_all()
            self._socket = None
            self.reader.lost()
            await asyncio.sleep(0.1)

    async def say(self, words: str) -> None:
        await self._send(self.reader.say(words))

    async def _send(self, frames: list[dict[str, object]]) -> None:
        with contextlib.suppress(ConnectionClosed):
            for frame in frames:
                if self._socket:
                    await self._socket.send(json.dumps(frame))

    async def shows(self, count: int) -> None:
        """Waits for so many messages, and for an answer to everything it said."""
        async with asyncio.timeout(40), self.changed:
            await self.changed.wait_for(lambda: len(self.reader.messages) == count and not self.reader.unsent)


async def test_a_redis_that_restarts_loses_no_message(cast: Cast, room: Room, tmp_path: Path) -> None:
    tokens = [await in_thread(room_token)(room.stream, person) for person in (cast.cleo, cast.ben)]
    port = child.free_port()
    private = contextlib.ExitStack()
    private.enter_context(redis.running(tmp_path / "redis", port))
    with private, serving(tmp_path, prelude=HASTY, REDIS_URL=f"redis://127.0.0.1:{port}/0") as address:
        clients = [Client(f"{address}/room/{room.stream.room_id}?token={token}") for token in tokens]
        living = [asyncio.create_task(client.live()) for client in clients]
        cleo, ben = clients
        async with asyncio.timeout(20), cleo.changed:
            await cleo.changed.wait_for(lambda: bool(cleo.reader.room))
        await cleo.say("Before")
        await ben.shows(1)

        private.close()
        await cleo.say("While it is away")
        await ben.say("Also while it is away")
        async with asyncio.timeout(20):
            while await in_thread(Message.objects.count)() < 3:  # noqa: ASYNC110 -- nothing tells of a row
                await asyncio.sleep(0.05)
        for client in clients:
            await client.shows(3)  # told by the database alone

        private.enter_context(redis.running(tmp_path / "redis", port))
        await cleo.say("After")
        for client in clients:
            await client.shows(4)
        for task in living:
            task.cancel()

    truth = await in_thread(room_state.load_snapshot)(room.stream.room_id)
    assert [client.reader.view()["messages"] for client in clients] == [plain(list(truth.history))] * 2

"""A gateway on a real Janus, a client of it, and the events that the client gets."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from media_worker.sfu.gateway.client import Gateway
from media_worker.sfu.gateway.host import Host, Timeouts
from media_worker.sfu.gateway.protocol import Event, Gone, Opened, Ready, Up
from media_worker.sfu.gateway.server import Gateway as Server
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services import janus as service

SECONDS = 20.0


class EventLog:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = asyncio.Event()

    def happened(self, event: Event) -> None:
        self.events.append(event)
        self._changed.set()

    async def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The first that is wanted, of those before and those to come."""
        async with asyncio.timeout(SECONDS):
            while True:
                for event in self.events:
                    if wanted(event):
                        return event
                self._changed.clear()
                await self._changed.wait()

    async def of(self, kind: type[Event]) -> Event:
        return await self.until(lambda event: isinstance(event, kind))


class Stage:
    """Everything of one test; whatever it opened is closed with it."""

    def __init__(self, client: Gateway, path: Path) -> None:
        self.client = client
        self.path = path
        self.room = f"room-{secrets.token_hex(4)}"
        self.heard = EventLog()
        self.peers: list[Publisher | Viewer] = []

    async def publish(self, publisher: Publisher | None = None, *, person: str = "ben", push_url: str = "") -> Opened:
        """Until its media stands, and there is something to watch."""
        publisher = publisher or Publisher()
        self.peers.append(publisher)
        await self.client.watch(self.heard, self.room)
        seen = len(self.heard.events)
        opened = await self.client.publish(
            self.heard, room=self.room, person=person, sdp=await publisher.offer(), push_url=push_url
        )
        await publisher.accept(opened.sdp)
        await self.heard.until(lambda event: event == Up(opened.peer))
        await self.heard.until(lambda event: isinstance(event, Ready) and event in self.heard.events[seen:])
        return opened

    async def view(
        self, viewer: Viewer | None = None, *, person: str = "cleo", pull_url: str = ""
    ) -> tuple[Opened, Viewer]:
        viewer = viewer or Viewer()
        self.peers.append(viewer)
        opened = await self.client.subscribe(self.heard, room=self.room, person=person, pull_url=pull_url)
        await self.client.answer(opened.peer, await viewer.answer(opened.sdp))
        await self.heard.until(lambda event: event == Up(opened.peer))
        return opened, viewer

    async def gone(self, peer: str) -> str:
        """Why."""
        found = await self.heard.until(lambda event: isinstance(event, Gone) and event.peer == peer)
        assert isinstance(found, Gone)
        return found.reason


async def flows(viewer: Viewer, *kinds: str) -> None:
    """More of each kind arrives."""
    before = dict(viewer.packets)
    await until(lambda: all(viewer.packets[kind] > before[kind] for kind in kinds or ("audio", "video")))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not true():  # noqa: ASYNC110 -- packets are counted, nothing signals them
            await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(
    janus: service.Server, path: Path, *, seats: int = 8, timeouts: Timeouts | None = None
) -> AsyncIterator[Server]:
    server = Server(Host(janus.secrets, seats=seats, timeouts=timeouts or Timeouts()), path=path, janus=janus.path)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def staged(path: Path) -> AsyncIterator[Stage]:
    """A client of the gateway there; waits until it has reached Janus."""
    client = Gateway(str(path))
    stage = Stage(client, path)
    try:
        yield stage
    finally:
        await asyncio.gather(*(peer.close() for peer in stage.peers))
        await client.disconnect()

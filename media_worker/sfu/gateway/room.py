"""A room: at most one publisher, the viewers of what there is to watch, and those who want to know."""

import asyncio

from media_worker.sfu.bridge import events
from media_worker.sfu.bridge.events import BridgeState
from media_worker.sfu.bridge.rtmp_pull import RtmpPull
from media_worker.sfu.errors import BUSY, WAITING, SfuError
from media_worker.sfu.gateway.host import Host, Tell
from media_worker.sfu.gateway.peer import Peer
from media_worker.sfu.gateway.protocol import Event, Gone, Opened, Ready, SourceGone
from media_worker.sfu.gateway.publisher import Publisher
from media_worker.sfu.gateway.viewer import Viewer


class Room:
    """Ends when nobody publishes, watches or listens: `empty` says so, its owner forgets it."""

    def __init__(self, host: Host, name: str) -> None:
        self.name = name
        self.publisher: Publisher | None = None
        self.viewers: dict[str, Viewer] = {}
        self.watchers: dict[object, Tell] = {}
        self._host = host
        self._opening = asyncio.Lock()  # one publisher, and one mount, at a time
        self._leaving: asyncio.Task[None] | None = None  # the last publisher's end
        self._mount: RtmpPull | None = None
        self._linger: asyncio.TimerHandle | None = None
        self.busy = 0  # requests under way

    @property
    def empty(self) -> bool:
        return not (self.busy or self.publisher or self.viewers or self.watchers or self._mount or self._ending)

    @property
    def mounted(self) -> bool:
        return self._mount is not None

    @property
    def ready(self) -> bool:
        return self.publisher is not None and self.publisher.watchable

    def find(self, peer: str) -> Peer | None:
        """Of those that have not ended."""
        if self.publisher is not None and self.publisher.id == peer:
            return self.publisher
        return self.viewers.get(peer)

    @property
    def _ending(self) -> bool:
        return self._leaving is not None and not self._leaving.done()

    # --- publishing ---
    async def publish(self, tell: Tell, *, peer: str, person: str, sdp: str, push_url: str) -> Opened:
        """Raises SfuError. The same person's older publisher makes room, another's does not."""
        async with self._opening:
            old = self.publisher
            if old is not None and old.person != person:
                raise SfuError(BUSY, "Somebody else is sending from this class.")
            new = Publisher(
                self._host,
                room=self.name,
                peer=peer,
                person=person,
                tell=tell,
                over=self._over,
                ready=lambda ready: self._begin(ready, push_url),
            )
            try:
                answer = await new.open(sdp)
            except BaseException:
                await new.closed()
                raise
            # Only now: an offer that is refused does not end what stands.
            if old is not None and self.publisher is old:
                old.end("replaced")
                await self._retire(old)
            self.publisher = new
            return Opened(peer, answer)

    def _begin(self, publisher: Publisher, push_url: str) -> None:
        self._host.later(asyncio.create_task(self._show(publisher, push_url), name=f"show-{self.name}"))

    async def _show(self, publisher: Publisher, push_url: str) -> None:
        """Its media stands: let them watch, then send it to everybody else."""
        try:
            await publisher.feed()
        except SfuError as error:
            publisher.end(error.message)
            return
        async with self._opening:
            if self.publisher is not publisher:
                return
            await self._end_mount()
        self._all_told(Ready(self.name))
        leaving = self._leaving
        if leaving is not None:
            await asyncio.wait({leaving})  # the key is in use until the old converter is gone
        if push_url and self.publisher is publisher:
            try:
                await publisher.push(push_url)
            except SfuError as error:
                publisher.bridged(BridgeState("failed", events.FFMPEG, error.message))

    # --- viewing ---
    async def subscribe(self, tell: Tell, *, peer: str, person: str, pull_url: str, copy: bool | None) -> Opened:
        """Raises SfuError: webrtc:waiting when there is nothing to watch, webrtc:full without a seat."""
        if not self.ready and (not pull_url or self.publisher is not None):
            raise SfuError(WAITING, "There is nothing to watch yet.")
        self._host.take_seat()
        viewer = Viewer(self._host, peer=peer, person=person, tell=tell, over=self._over)
        self.viewers[peer] = viewer
        try:
            offer = await viewer.open(*await self._source(pull_url, copy=copy))
        except BaseException:
            await self._leave(viewer)
            raise
        if viewer.ended or peer not in self.viewers:
            await self._leave(viewer)
            raise SfuError(WAITING, "There is nothing to watch any more.")
        return Opened(peer, offer)

    async def _source(self, pull_url: str, *, copy: bool | None) -> tuple[str, str]:
        """Mountpoint and pin of what there is to watch."""
        async with self._opening:
            if self.publisher is not None and self.publisher.watchable:
                return self.publisher.mount_id, self.publisher.pin
            if self._mount is None:
                await self._begin_mount(pull_url, copy=copy)
            if self._mount is None:
                raise SfuError(WAITING, "There is nothing to watch yet.")
            return self._mount.mount_id, self._host.locks.room_pin(self.name)

    async def _begin_mount(self, pull_url: str, *, copy: bool | None) -> None:
        _, plugin = self._host.media()
        locks = self._host.locks
        mount = RtmpPull(
            plugin=plugin,
            room=self.name,
            pull_url=pull_url,
            pin=locks.room_pin(self.name),
            secret=locks.room_secret(self.name),
            copy=copy,
            told=self._mount_told,
        )
        try:
            await mount.start()
        except BaseException:
            await mount.close()
            raise
        self._mount = mount

    def _mount_told(self, state: BridgeState) -> None:
        if state.state in {"failed", "ended"} and self._mount is not None:
            self._host.later(asyncio.create_task(self._end_mount(), name=f"unmount-{self.name}"))

    async def _end_mount(self) -> None:
        """Ends what comes by RTMP, and those who watch it. Never raises."""
        self._stay()
        mount, self._mount = self._mount, None
        if mount is not None:
            await self._send_away()
            await mount.close()

    async def _unmount_unwatched(self) -> None:
        async with self._opening:
            if not self.viewers:
                await self._end_mount()

    def _stay(self) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None

    # --- ends ---
    async def close(self, peer: Peer) -> None:
        """Its client left, or it ended. Never raises."""
        if peer is self.publisher:
            await self._retire(self.publisher)
        elif isinstance(peer, Viewer):
            await self._leave(peer)

    async def _retire(self, publisher: Publisher) -> None:
        self.publisher = None
        watched, publisher.watchable = publisher.watchable, False
        before = self._leaving

        async def part() -> None:
            await publisher.closed()
            if before is not None:
                await asyncio.wait({before})

        self._leaving = self._host.later(asyncio.create_task(part(), name=f"part-{publisher.id}"))
        if watched:
            self._all_told(SourceGone(self.name))
            await self._send_away()

    async def _leave(self, viewer: Viewer) -> None:
        self.viewers.pop(viewer.id, None)
        await viewer.close()
        if self._mount is not None and not self.viewers:
            self._stay()
            begin = self._unmount_unwatched
            later = asyncio.get_running_loop().call_later
            self._linger = later(
                self._host.patience.linger, lambda: self._host.later(asyncio.create_task(begin(), name="unmount"))
            )

    async def _send_away(self) -> None:
        """The source is gone: so are the connections of those who watched it."""
        leaving = list(self.viewers.values())
        self.viewers.clear()
        for viewer in leaving:
            if not viewer.ended:
                viewer.tell(Gone(viewer.id, "source"))
        await asyncio.gather(*(viewer.close() for viewer in leaving))

    def _over(self, peer: Peer, _reason: str) -> None:
        self._host.later(asyncio.create_task(self.close(peer), name=f"over-{peer.id}"))

    async def clear(self) -> None:
        """Janus is gone, or we go: end everything without a word."""
        publisher, self.publisher = self.publisher, None
        viewers = list(self.viewers.values())
        self.viewers.clear()
        self._stay()
        mount, self._mount = self._mount, None
        if publisher is not None:
            await publisher.closed()
        await asyncio.gather(*(viewer.close() for viewer in viewers))
        if mount is not None:
            await mount.close()

    def _all_told(self, event: Event) -> None:
        for tell in list(self.watchers.values()):
            tell(event)

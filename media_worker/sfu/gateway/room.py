"""A room: at most one publisher, its viewers, and watchers that are notified of what there is to watch."""

import asyncio

from media_worker.sfu.bridge import events
from media_worker.sfu.bridge.events import BridgeState
from media_worker.sfu.bridge.rtmp_pull import RtmpPull
from media_worker.sfu.errors import BUSY, WAITING, SfuError
from media_worker.sfu.gateway.host import Host, Notify
from media_worker.sfu.gateway.peer import Peer
from media_worker.sfu.gateway.protocol import Event, Gone, Opened, Ready, SourceGone
from media_worker.sfu.gateway.publisher import Publisher
from media_worker.sfu.gateway.viewer import Viewer


class Room:
    """Is `empty` when nobody publishes, views or watches it; then its owner forgets it."""

    def __init__(self, host: Host, name: str) -> None:
        self.name = name
        self.publisher: Publisher | None = None
        self.viewers: dict[str, Viewer] = {}
        self.watchers: dict[object, Notify] = {}
        self._host = host
        self._lock = asyncio.Lock()  # one publisher, and one pull, at a time
        self._leaving: asyncio.Task[None] | None = None  # the last publisher's end
        self._pull: RtmpPull | None = None
        self._linger: asyncio.TimerHandle | None = None
        self.busy = 0  # requests under way

    @property
    def empty(self) -> bool:
        return not (self.busy or self.publisher or self.viewers or self.watchers or self._pull or self._ending)

    @property
    def mounted(self) -> bool:
        return self._pull is not None

    @property
    def ready(self) -> bool:
        return self.publisher is not None and self.publisher.watchable

    def find(self, peer: str) -> Peer | None:
        """The publisher or viewer of this name, unless it has ended."""
        if self.publisher is not None and self.publisher.id == peer:
            return self.publisher
        return self.viewers.get(peer)

    @property
    def _ending(self) -> bool:
        return self._leaving is not None and not self._leaving.done()

    # --- publishing ---
    async def publish(self, notify: Notify, *, peer: str, person: str, sdp: str, push_url: str) -> Opened:
        """Raises SfuError. The same person's older publisher makes room, another's does not."""
        async with self._lock:
            old = self.publisher
            if old is not None and old.person != person:
                raise SfuError(BUSY, "Somebody else is sending from this class.")
            new = Publisher(
                self._host,
                room=self.name,
                peer=peer,
                person=person,
                notify=notify,
                on_end=self._on_end,
                ready=lambda ready: self._on_publisher_ready(ready, push_url),
            )
            try:
                answer = await new.open(sdp)
            except BaseException:
                await new.close_all()
                raise
            # Only now: an offer that is refused does not end what stands.
            if old is not None and self.publisher is old:
                old.end("replaced")
                await self._retire(old)
            self.publisher = new
            return Opened(peer, answer)

    def _on_publisher_ready(self, publisher: Publisher, push_url: str) -> None:
        self._host.later(asyncio.create_task(self._go_live(publisher, push_url), name=f"show-{self.name}"))

    async def _go_live(self, publisher: Publisher, push_url: str) -> None:
        """Its media flows: lets viewers in, then pushes it to RTMP for everybody else."""
        try:
            await publisher.make_mountpoint()
        except SfuError as error:
            publisher.end(error.message)
            return
        async with self._lock:
            if self.publisher is not publisher:
                return
            await self._end_pull()
        self._notify_all(Ready(self.name))
        leaving = self._leaving
        if leaving is not None:
            await asyncio.wait({leaving})  # the key is in use until the old converter is gone
        if push_url and self.publisher is publisher:
            try:
                await publisher.push(push_url)
            except SfuError as error:
                publisher.on_bridge_state(BridgeState("failed", events.FFMPEG, error.message))

    # --- viewing ---
    async def subscribe(self, notify: Notify, *, peer: str, person: str, pull_url: str, copy: bool | None) -> Opened:
        """Raises SfuError: webrtc:waiting when there is nothing to watch, webrtc:full without a seat."""
        if not self.ready and (not pull_url or self.publisher is not None):
            raise SfuError(WAITING, "There is nothing to watch yet.")
        self._host.take_seat()
        viewer = Viewer(self._host, peer=peer, person=person, notify=notify, on_end=self._on_end)
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
        async with self._lock:
            if self.publisher is not None and self.publisher.watchable:
                return self.publisher.mount_id, self.publisher.pin
            if self._pull is None:
                await self._start_pull(pull_url, copy=copy)
            if self._pull is None:
                raise SfuError(WAITING, "There is nothing to watch yet.")
            return self._pull.mount_id, self._host.secrets.room_pin(self.name)

    async def _start_pull(self, pull_url: str, *, copy: bool | None) -> None:
        _, plugin = self._host.media()
        secrets = self._host.secrets
        pull = RtmpPull(
            plugin=plugin,
            room=self.name,
            pull_url=pull_url,
            pin=secrets.room_pin(self.name),
            secret=secrets.room_secret(self.name),
            copy=copy,
            on_state=self._on_pull_state,
        )
        try:
            await pull.start()
        except BaseException:
            await pull.close()
            raise
        self._pull = pull

    def _on_pull_state(self, state: BridgeState) -> None:
        if state.state in {"failed", "ended"} and self._pull is not None:
            self._host.later(asyncio.create_task(self._end_pull(), name=f"unmount-{self.name}"))

    async def _end_pull(self) -> None:
        """Ends the pull from RTMP, and its viewers. Never raises."""
        self._cancel_linger()
        pull, self._pull = self._pull, None
        if pull is not None:
            await self._end_viewers()
            await pull.close()

    async def _end_unwatched_pull(self) -> None:
        async with self._lock:
            if not self.viewers:
                await self._end_pull()

    def _cancel_linger(self) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None

    # --- ends ---
    async def close(self, peer: Peer) -> None:
        """Its client left, or it ended by itself. Never raises."""
        if peer is self.publisher:
            await self._retire(self.publisher)
        elif isinstance(peer, Viewer):
            await self._leave(peer)

    async def _retire(self, publisher: Publisher) -> None:
        self.publisher = None
        watched, publisher.watchable = publisher.watchable, False
        before = self._leaving

        async def part() -> None:
            await publisher.close_all()
            if before is not None:
                await asyncio.wait({before})

        self._leaving = self._host.later(asyncio.create_task(part(), name=f"part-{publisher.id}"))
        if watched:
            self._notify_all(SourceGone(self.name))
            await self._end_viewers()

    async def _leave(self, viewer: Viewer) -> None:
        self.viewers.pop(viewer.id, None)
        await viewer.close()
        if self._pull is not None and not self.viewers:
            self._cancel_linger()
            begin = self._end_unwatched_pull
            later = asyncio.get_running_loop().call_later
            self._linger = later(
                self._host.timeouts.linger, lambda: self._host.later(asyncio.create_task(begin(), name="unmount"))
            )

    async def _end_viewers(self) -> None:
        """The source is gone: ends the connections of its viewers."""
        leaving = list(self.viewers.values())
        self.viewers.clear()
        for viewer in leaving:
            if not viewer.ended:
                viewer.notify(Gone(viewer.id, "source"))
        await asyncio.gather(*(viewer.close() for viewer in leaving))

    def _on_end(self, peer: Peer, _reason: str) -> None:
        self._host.later(asyncio.create_task(self.close(peer), name=f"over-{peer.id}"))

    async def clear(self) -> None:
        """Ends everything without notifying anybody: Janus is gone, or we stop."""
        publisher, self.publisher = self.publisher, None
        viewers = list(self.viewers.values())
        self.viewers.clear()
        self._cancel_linger()
        pull, self._pull = self._pull, None
        if publisher is not None:
            await publisher.close_all()
        await asyncio.gather(*(viewer.close() for viewer in viewers))
        if pull is not None:
            await pull.close()

    def _notify_all(self, event: Event) -> None:
        for notify in list(self.watchers.values()):
            notify(event)

"""A publisher: its room in Janus, the mountpoint that its viewers watch, and the push to RTMP for everybody else."""

import asyncio
import contextlib
from collections.abc import Callable

from media_worker.sfu.bridge.events import BridgeState
from media_worker.sfu.bridge.rtmp_push import RtmpPush
from media_worker.sfu.errors import PEER, SfuError
from media_worker.sfu.gateway import sdp as descriptions
from media_worker.sfu.gateway.host import Host, Notify
from media_worker.sfu.gateway.peer import Peer
from media_worker.sfu.gateway.protocol import Bridge
from media_worker.sfu.janus.videoroom import FeedStream, VideoRoom


class Publisher(Peer):
    """`ready` is called when there is something to watch."""

    def __init__(
        self,
        host: Host,
        *,
        room: str,
        peer: str,
        person: str,
        notify: Notify,
        on_end: Callable[[Peer, str], None],
        ready: Callable[["Publisher"], None],
    ) -> None:
        super().__init__(host, peer=peer, person=person, notify=notify, on_end=on_end)
        # Of its own, so that the next publisher of the room does not wait for this one's end.
        self.mount_id = f"{room}.{peer}"
        self.watchable = False
        self._ready = ready
        self._lock = asyncio.Lock()
        self._video: VideoRoom | None = None
        self._streams: tuple[FeedStream, ...] = ()
        self._rtmp_push: RtmpPush | None = None

    async def open(self, sdp: str) -> str:
        """Offer to answer. Raises SfuError; then `close` still has to be called."""
        offer = descriptions.offer(sdp)
        janus, _ = self._host.media()
        self._video = VideoRoom(janus, room=self.mount_id, secrets=self._host.secrets)
        await self._video.create()
        published = await self._video.publish(feed=self.id, sdp=offer, on_event=self.on_event)
        self._streams = published.streams
        self.attached(published.handle)
        return published.sdp

    async def make_mountpoint(self) -> None:
        """Makes the mountpoint that viewers watch, once. Raises SfuError."""
        async with self._lock:
            if self.watchable or self._video is None or self._ended:
                return
            _, plugin = self._host.media()
            codecs = {stream.kind: stream.codec for stream in self._streams}
            ports = await plugin.create(
                self.mount_id,
                pin=self.pin,
                secret=self._host.secrets.room_secret(self.mount_id),
                audio="audio" in codecs,
                video=codecs.get("video", ""),
                buffer=False,
            )
            await self._video.feed(self.id, self._streams, ports)
            self.watchable = True

    @property
    def pin(self) -> str:
        return self._host.secrets.room_pin(self.mount_id)

    async def push(self, url: str) -> None:
        """Begins the push to RTMP, for everybody else. Raises SfuError."""
        async with self._lock:
            if self._video is None or self._ended or self._rtmp_push is not None:
                return
            rtmp_push = RtmpPush(
                room=self._video, feed=self.id, streams=self._streams, push_url=url, on_state=self.on_bridge_state
            )
            await rtmp_push.start()
            self._rtmp_push = rtmp_push

    async def restart(self, sdp: str) -> str:
        offer = descriptions.offer(sdp)
        if self._video is None:
            raise SfuError(PEER, "This connection is over.")
        return await self._video.renew(self.handle, offer)

    async def answer(self, sdp: str) -> None:  # noqa: ARG002 -- a peer's
        raise SfuError(PEER, "A publisher offers; it does not answer.")

    async def close_all(self) -> None:
        """Ends it with its push and its room in Janus; the key is free then. Never raises."""
        await self.close()
        async with self._lock:
            if self._rtmp_push is not None:
                await self._rtmp_push.close()
            with contextlib.suppress(SfuError):
                _, plugin = self._host.media()
                await plugin.destroy(self.mount_id, secret=self._host.secrets.room_secret(self.mount_id))
            if self._video is not None:
                with contextlib.suppress(SfuError):
                    await self._video.destroy()

    def on_connected(self) -> None:
        self._ready(self)

    def on_bridge_state(self, state: BridgeState) -> None:
        self.notify(Bridge(self.id, state.state, state.code, state.words))

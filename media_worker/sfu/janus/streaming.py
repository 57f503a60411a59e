"""Typed client of Janus' streaming plugin: mountpoints that are fed by RTP (janus_streaming.c, 1.1)."""

from dataclasses import dataclass

from media_worker.sfu.errors import JanusError
from media_worker.sfu.janus.client import EventHandler, Handle, Janus, JanusEvent
from media_worker.sfu.janus.fields import Json, JsonObject, number, part, parts, text
from media_worker.sfu.janus.secrets import RoomSecrets

PLUGIN = "janus.plugin.streaming"
NO_SUCH_MOUNTPOINT = 455
CANNOT_CREATE = 456  # among other reasons: one of this name exists
H264 = "profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1"
AUDIO_TYPE = 111
VIDEO_TYPE = 102
_AUDIO: JsonObject = {"type": "audio", "mid": "a", "port": 0, "pt": AUDIO_TYPE, "codec": "opus"}
_PICTURE: JsonObject = {"type": "video", "mid": "v", "port": 0, "rtcpport": 0, "pt": VIDEO_TYPE}
_VIDEO: dict[str, JsonObject] = {
    "h264": {**_PICTURE, "codec": "h264", "fmtp": H264},
    "vp8": {**_PICTURE, "codec": "vp8"},
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a mountpoint listens on `host`; UDP. Sound has payload type AUDIO_TYPE, the picture VIDEO_TYPE."""

    host: str
    audio: int
    video: int
    video_rtcp: int


@dataclass(frozen=True, slots=True)
class Subscribed:
    handle: Handle
    sdp: str  # the offer, with all of Janus' candidates


class Streaming:
    """All mountpoints of one Janus, by one handle that is attached when it is first needed."""

    def __init__(self, janus: Janus, *, secrets: RoomSecrets) -> None:
        self._janus = janus
        self._secrets = secrets
        self._control: Handle | None = None

    async def create(
        self,
        mount: str,
        *,
        pin: str,
        secret: str,
        host: str = "127.0.0.1",
        audio: bool = True,
        video: str = "h264",
        buffer: bool = True,
    ) -> Ports:
        """A mountpoint on ports of Janus' choosing, also where one was left behind. Ports of what it lacks are 0.

        `video` is "h264", "vp8" or nothing. `buffer`: a newcomer is sent the last keyframe at once, for sources that
        cannot be asked for one; what follows has a hole in front of it, until the next.
        """
        control = await self._ready()
        media: list[Json] = []
        if audio:
            media.append({**_AUDIO, "iface": host})
        if video:
            media.append({**_VIDEO[video], "bufferkf": buffer, "iface": host})
        body: JsonObject = {
            "request": "create",
            "type": "rtp",
            "id": mount,
            "name": mount,
            "admin_key": self._secrets.admin_key,
            "secret": secret,
            "pin": pin,
            "is_private": True,
            "permanent": False,
            "media": media,
        }
        try:
            reply = await control.message(body)
        except JanusError as error:
            if error.number != CANNOT_CREATE:
                raise
            await self.destroy(mount, secret=secret)
            reply = await control.message(body)
        found = {text(line, "mid"): line for line in parts(part(reply.data, "stream"), "ports")}
        ports = [number(found.get(mid, {}), name) for mid, name in (("a", "port"), ("v", "port"), ("v", "rtcp_port"))]
        return Ports(host, *ports)

    async def destroy(self, mount: str, *, secret: str) -> None:
        """With its viewers. What is gone already stays gone."""
        control = await self._ready()
        try:
            await control.message({"request": "destroy", "id": mount, "secret": secret})
        except JanusError as error:
            if error.number != NO_SUCH_MOUNTPOINT:
                raise

    async def watch(self, mount: str, *, pin: str, on_event: EventHandler) -> Subscribed:
        """Janus offers. The handle is the caller's to detach; nothing flows before `start`."""
        handle = await self._janus.attach(PLUGIN, f"viewer {mount}", on_event)
        try:
            reply = await handle.message({"request": "watch", "id": mount, "pin": pin})
        except BaseException:
            await handle.detach()
            raise
        return Subscribed(handle, reply.sdp)

    async def start(self, handle: Handle, sdp: str) -> None:
        """The viewer's answer."""
        await handle.message({"request": "start"}, {"type": "answer", "sdp": sdp})

    async def restart(self, handle: Handle, mount: str, *, pin: str) -> str:
        """A fresh offer to a viewer, with new ICE credentials."""
        return (await handle.message({"request": "watch", "id": mount, "pin": pin, "restart": True})).sdp

    async def mounts(self) -> tuple[str, ...]:
        """Every mountpoint there is."""
        reply = await (await self._ready()).message({"request": "list", "admin_key": self._secrets.admin_key})
        return tuple(text(found, "id") for found in parts(reply.data, "list"))

    async def destroy_all(self) -> int:
        """Remove what an earlier gateway left; its secrets were the rooms'. Returns how many there were."""
        found = await self.mounts()
        for mount in found:
            await self.destroy(mount, secret=self._secrets.room_secret(mount))
        return len(found)

    async def close(self) -> None:
        """Gives the handle back; the mountpoints stay. Never raises."""
        control, self._control = self._control, None
        if control is not None:
            await control.detach()

    async def _ready(self) -> Handle:
        if self._control is None:
            self._control = await self._janus.attach(PLUGIN, "mountpoints", _ignore)
        return self._control


def _ignore(_: JanusEvent) -> None:
    """Nothing happens on a handle that only manages."""

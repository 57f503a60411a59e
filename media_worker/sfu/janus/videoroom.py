"""Typed client of one room of Janus' videoroom plugin (janus_videoroom.c, 1.1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from media_worker.ladder import SEGMENT_SECONDS
from media_worker.sfu.errors import JanusError
from media_worker.sfu.janus.client import EventHandler, Handle, Janus, JanusEvent
from media_worker.sfu.janus.fields import Json, JsonObject, number, parts, text
from media_worker.sfu.janus.secrets import RoomSecrets
from media_worker.sfu.janus.streaming import AUDIO_TYPE, VIDEO_TYPE, Ports, Subscribed

PLUGIN = "janus.plugin.videoroom"
NO_SUCH_ROOM = 426
ROOM_EXISTS = 427
NO_SUCH_FEED = 428
_OPTIONS: JsonObject = {
    "is_private": True,
    "permanent": False,
    "publishers": 1,
    "audiocodec": "opus",
    "videocodec": "h264,vp8",  # the first that the publisher offers; H.264 is copied on its way to HLS
    "h264_profile": "42e01f",
    "opus_fec": True,
    "transport_wide_cc_ext": True,
    "playoutdelay_ext": True,
}
type Kind = Literal["audio", "video"]
_KINDS: dict[str, Kind] = {"audio": "audio", "video": "video"}


@dataclass(frozen=True, slots=True)
class FeedStream:
    """One line of a publisher's description, as forwarded: `pt` is its payload type in RTP."""

    mid: str
    kind: Kind
    codec: str  # "opus", "h264" or "vp8"
    pt: int


@dataclass(frozen=True, slots=True)
class Published:
    handle: Handle
    sdp: str  # the answer, with all of Janus' candidates
    streams: tuple[FeedStream, ...]


class VideoRoom:
    """One room with one publisher. `create` before anything else; all raise JanusError and JanusLost."""

    def __init__(self, janus: Janus, *, room: str, secrets: RoomSecrets) -> None:
        self.room = room
        self._janus = janus
        self._secrets = secrets
        self._control: Handle | None = None
        self._feeds: dict[str, Handle] = {}

    async def create(self, *, bitrate: int = 2_500_000, keyframe_seconds: int = SEGMENT_SECONDS) -> None:
        """A new room, also where one of this name was left behind. `bitrate` is the publisher's limit, bit/s."""
        control = await self._janus.attach(PLUGIN, f"room {self.room}", _ignore)
        body: JsonObject = {
            **_OPTIONS,
            "request": "create",
            "room": self.room,
            "admin_key": self._secrets.admin_key,
            "secret": self._secrets.room_secret(self.room),
            "pin": self._secrets.room_pin(self.room),
            "bitrate": bitrate,
            "bitrate_cap": True,
            "fir_freq": keyframe_seconds,
        }
        try:
            try:
                await control.message(body)
            except JanusError as error:
                if error.number != ROOM_EXISTS:
                    raise
                await self._destroy(control)
                await control.message(body)
        except BaseException:
            await control.detach()
            raise
        self._control = control

    async def destroy(self) -> None:
        """With everybody in it. What is gone already stays gone."""
        control, self._control = self._control, None
        if control is not None:
            try:
                await self._destroy(control)
            finally:
                await control.detach()

    async def publish(self, *, feed: str, sdp: str, on_event: EventHandler) -> Published:
        """Join as the publisher `feed` with an offer; the handle is the caller's to detach."""
        handle = await self._janus.attach(PLUGIN, feed, on_event)
        join: JsonObject = {"request": "join", "ptype": "publisher", "room": self.room, "id": feed}
        try:
            await handle.message({**join, "pin": self._secrets.room_pin(self.room)})
            reply = await handle.message({"request": "publish"}, {"type": "offer", "sdp": sdp})
        except BaseException:
            await handle.detach()
            raise
        self._feeds[feed] = handle
        return Published(handle, reply.sdp, _streams(reply.data, reply.sdp))

    async def renew(self, handle: Handle, sdp: str) -> str:
        """The publisher's next offer (an ICE restart, other tracks) to its answer."""
        return (await handle.message({"request": "configure"}, {"type": "offer", "sdp": sdp})).sdp

    async def subscribe(self, *, feed: str, on_event: EventHandler) -> Subscribed:
        """Watch a feed: Janus offers. The handle is the caller's to detach; nothing flows before `start`."""
        handle = await self._janus.attach(PLUGIN, f"viewer {self.room}", on_event)
        body: JsonObject = {"request": "join", "ptype": "subscriber", "room": self.room, "streams": [{"feed": feed}]}
        try:
            reply = await handle.message({**body, "pin": self._secrets.room_pin(self.room)})
        except BaseException:
            await handle.detach()
            raise
        return Subscribed(handle, reply.sdp)

    async def start(self, handle: Handle, sdp: str) -> None:
        """The viewer's answer."""
        await handle.message({"request": "start"}, {"type": "answer", "sdp": sdp})

    async def restart(self, handle: Handle) -> str:
        """A fresh offer to a viewer, with new ICE credentials."""
        return (await handle.message({"request": "configure", "restart": True})).sdp

    async def keyframe(self, feed: str) -> None:
        """Ask the publisher for a picture that needs no other."""
        handle = self._feeds.get(feed)
        if handle is not None:
            await handle.message({"request": "configure", "keyframe": True})

    async def forward(self, feed: str, streams: Mapping[str, int], *, host: str = "127.0.0.1") -> tuple[int, ...]:
        """Send a copy of the feed's RTP to UDP ports, by mid; returns what `stop_forward` takes."""
        return await self._forward(feed, [{"mid": mid, "port": port} for mid, port in streams.items()], host)

    async def _forward(self, feed: str, lines: list[Json], host: str) -> tuple[int, ...]:
        body: JsonObject = {
            "request": "rtp_forward",
            "publisher_id": feed,
            "admin_key": self._secrets.admin_key,
            "host": host,
            "host_family": "ipv4",
            "streams": lines,
        }
        reply = await self._manage(body)
        return tuple(number(forwarder, "stream_id") for forwarder in parts(reply, "forwarders"))

    async def feed(self, feed: str, streams: Sequence[FeedStream], ports: Ports) -> tuple[int, ...]:
        """Send the feed into a mountpoint, which asks it for keyframes: once a second at most, however many watch."""
        lines: list[Json] = []
        for stream in streams:
            if stream.kind == "audio":
                lines.append({"mid": stream.mid, "port": ports.audio, "pt": AUDIO_TYPE})
            else:
                video: JsonObject = {"mid": stream.mid, "port": ports.video, "pt": VIDEO_TYPE}
                lines.append({**video, "rtcp_port": ports.video_rtcp})
        return await self._forward(feed, lines, ports.host)

    async def stop_forward(self, feed: str, stream_id: int) -> None:
        """One that ended with its publisher counts as stopped."""
        body: JsonObject = {"request": "stop_rtp_forward", "publisher_id": feed, "stream_id": stream_id}
        try:
            await self._manage({**body, "admin_key": self._secrets.admin_key})
        except JanusError as error:
            if error.number not in {NO_SUCH_ROOM, NO_SUCH_FEED}:
                raise

    async def feeds(self) -> tuple[str, ...]:
        """Who publishes in this room."""
        reply = await self._manage({"request": "listparticipants"})
        return tuple(text(found, "id") for found in parts(reply, "participants"))

    async def _manage(self, body: JsonObject) -> JsonObject:
        if self._control is None:
            raise JanusError(NO_SUCH_ROOM, "the room is closed")
        secret = self._secrets.room_secret(self.room)
        return (await self._control.message({**body, "room": self.room, "secret": secret})).data

    async def _destroy(self, control: Handle) -> None:
        secret = self._secrets.room_secret(self.room)
        try:
            await control.message({"request": "destroy", "room": self.room, "secret": secret})
        except JanusError as error:
            if error.number != NO_SUCH_ROOM:
                raise


async def destroy_all(janus: Janus, secrets: RoomSecrets) -> int:
    """Remove every room that Janus still has; returns how many there were."""
    control = await janus.attach(PLUGIN, "reconcile", _ignore)
    try:
        reply = await control.message({"request": "list", "admin_key": secrets.admin_key})
        rooms = [text(found, "room") for found in parts(reply.data, "list")]
        for room in rooms:
            secret = secrets.room_secret(room)
            await control.message({"request": "destroy", "room": room, "secret": secret})
    finally:
        await control.detach()
    return len(rooms)


def _ignore(_: JanusEvent) -> None:
    """Nothing happens on a handle that only manages."""


def _streams(data: JsonObject, sdp: str) -> tuple[FeedStream, ...]:
    types = payload_types(sdp)
    found: list[FeedStream] = []
    for stream in parts(data, "streams"):
        kind, mid = _KINDS.get(text(stream, "type")), text(stream, "mid")
        if kind and mid in types:
            found.append(FeedStream(mid, kind, text(stream, "codec"), types[mid]))
    return tuple(found)


def payload_types(sdp: str) -> dict[str, int]:
    """The first payload type of each line that is not refused, by its mid (RFC 8866 5.14, RFC 8843)."""
    found: dict[str, int] = {}
    for section in re.split(r"(?m)^m=", sdp)[1:]:
        line = section.split("\r\n", 1)[0].split()
        mid = re.search(r"(?m)^a=mid:(\S+)", section)
        if mid and len(line) > 3 and line[3].isdigit() and line[1] != "0":
            found[mid.group(1)] = int(line[3])
    return found

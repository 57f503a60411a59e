"""Peers that break RFC 6455, leave half a sentence, or vanish without a word: a real server and raw sockets."""

import asyncio
import base64
import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from websockets.asyncio.client import connect

from chat.models import Room
from chat.threads import in_thread
from deploy.local import processes
from tests.cast import Cast
from tests.chat.conftest import room_token
from tests.chat.frames.test_docs import PAGE
from tests.chat.serving import AS_WE_RUN_IT, heard, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]

# As we run it, but for a ping every second and not every twenty.
IMPATIENT = AS_WE_RUN_IT | {"ws_ping_interval": 1, "ws_ping_timeout": 1}
TEXT, BINARY, CLOSE, PING, PONG, CONTINUED = 1, 2, 8, 9, 10, 0


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, options=IMPATIENT) as address:
        yield address
    assert "Exception in ASGI application" not in (folder / "log").read_text()


class Peer:
    """A socket with its handshake done and nothing else: it answers no ping unless it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, address: str, path: str) -> "Peer":
        host, port = address.removeprefix("ws://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        writer.write("\r\n".join(lines).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101"), answer
        return cls(reader, writer)

    async def frame(self) -> tuple[int, bytes]:
        first, second = await self.reader.readexactly(2)
        length = second & 127
        if length == 126:
            (length,) = struct.unpack(">H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", await self.reader.readexactly(8))
        return first & 15, await self.reader.readexactly(length)

    async def answer_pings(self) -> None:
        while True:
            kind, payload = await self.frame()
            if kind == PING:
                self.writer.write(masked(PONG, payload))

    async def close_code(self) -> int | None:
        """None when the connection ends without a word."""
        async with asyncio.timeout(20):
            try:
                while True:
                    kind, payload = await self.frame()
                    if kind == CLOSE:
                        return int.from_bytes(payload[:2])
            except (asyncio.IncompleteReadError, ConnectionError):
                return None


def masked(kind: int, payload: bytes, *, first: int = 128) -> bytes:
    """One client frame; `first` holds FIN and the reserved bits."""
    length = bytes([128 | len(payload)]) if len(payload) < 126 else bytes([254]) + struct.pack(">H", len(payload))
    return bytes([first | kind]) + length + b"\0\0\0\0" + payload


BROKEN = {
    "text that is not UTF-8": (masked(TEXT, b'{"type":"\xff\xfe"}'), 1007),
    "text that stops within a character": (masked(TEXT, '{"type":"\u00e9'.encode()[:-1]), 1007),
    "a frame without a mask": (b"\x81\x02{}", 1002),
    "reserved bits": (masked(TEXT, b"{}", first=128 | 0x40), 1002),
    "a kind that does not exist": (masked(5, b"{}"), 1002),
    "a continuation of nothing": (masked(CONTINUED, b"{}"), 1002),
    "a ping in two parts": (masked(PING, b"x", first=0), 1002),
    "a frame of four exabytes": (b"\x81\xff" + struct.pack(">Q", 2**62) + b"\0\0\0\0", 1009),
    "a message in parts without end": (
        masked(TEXT, b"x" * 60_000, first=0) + masked(CONTINUED, b"x" * 60_000, first=0),
        1009,
    ),
    "a close code that may not be sent": (masked(CLOSE, struct.pack(">H", 1005)), 1002),
}


async def test_a_peer_that_breaks_the_protocol_is_closed_and_the_room_goes_on(
    server: str, cast: Cast, room: Room
) -> None:
    tokens = [await in_thread(room_token)(room.stream, person) for person in (cast.cleo, cast.ben)]
    cleo, ben = [f"/room/{room.stream.room_id}?token={token}" for token in tokens]

    async with connect(f"{server}{ben}") as bystander:
        await heard(bystander, "welcome")
        for name, (sent, code) in BROKEN.items():
            peer = await Peer.open(server, cleo)
            assert (await peer.frame())[0] == TEXT, name
            peer.writer.write(sent)
            assert (name, await peer.close_code()) == (name, code)
            peer.writer.close()
        await bystander.send('{"type":"chat_message","message":"Go on"}')
        assert (await heard(bystander, "chat_message"))["message"] == "Go on"


@pytest.mark.parametrize("rests", [b"", b"\x81", b"\x81\xfe\x10\x00\0\0\0\0{"], ids=["silent", "cut", "half a frame"])
async def test_a_peer_that_vanishes_is_noticed_and_not_counted(
    server: str, cast: Cast, room: Room, rests: bytes
) -> None:
    """Its line is dead and nothing says so: it answers no ping any more. The count falls for all the others."""
    tokens = [await in_thread(room_token)(room.stream, person) for person in (cast.cleo, cast.ben)]
    cleo, ben = [f"/room/{room.stream.room_id}?token={token}" for token in tokens]

    async with connect(f"{server}{ben}") as bystander:
        await heard(bystander, "welcome")
        peer = await Peer.open(server, cleo)
        answering = asyncio.create_task(peer.answer_pings())
        while (await heard(bystander, "presence"))["viewer_count"] != 1:
            pass
        answering.cancel()
        peer.writer.write(rests)
        while (await heard(bystander, "presence"))["viewer_count"] != 0:
            pass
        assert await peer.close_code() in (1011, None)
        peer.writer.close()


async def test_a_handshake_without_end_holds_nobody_up(server: str, cast: Cast, room: Room) -> None:
    token = await in_thread(room_token)(room.stream, cast.ben)
    port = int(server.rsplit(":", 1)[1])
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
    for half in halves:
        half.sendall(b"GET /room/x HTTP/1.1\r\nUpgrade: web")

    async with connect(f"{server}/room/{room.stream.room_id}?token={token}") as ben:
        assert (await heard(ben, "welcome"))["you"]["username"] == "Ben"
    for half in halves:
        half.close()


def test_the_server_we_run_pings() -> None:
    """By uvicorn's own defaults; docs/websocket.md says when a dead line is noticed."""
    config = uvicorn.Config("fitfriends.asgi:application")

    assert "--ws-ping" not in Path(processes.__file__).read_text()
    seconds = (config.ws_ping_interval or 0) + (config.ws_ping_timeout or 0)
    assert f"within {seconds:g} seconds" in PAGE

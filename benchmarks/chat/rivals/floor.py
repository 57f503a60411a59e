"""The floor: WebSocket's handshake and frames by hand on asyncio and uvloop, a Redis subscription, nothing else."""

import asyncio
import base64
import hashlib
import re
import sys
from typing import cast

import redis.asyncio
import uvloop

_KEY = re.compile(rb"sec-websocket-key: *(\S+)", re.IGNORECASE)
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_open: set[asyncio.Transport] = set()


class Member(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is not registered as one
        self.shaken = False

    def data_received(self, data: bytes) -> None:
        found = None if self.shaken else _KEY.search(data)
        if found:
            self.shaken = True
            accept = base64.b64encode(hashlib.sha1(found[1] + _MAGIC, usedforsecurity=False).digest())
            head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            self.transport.write(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n" + framed(b"{}"))
            _open.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        _open.discard(self.transport)


def framed(payload: bytes) -> bytes:
    length = len(payload)
    head = bytes((0x81, length)) if length < 126 else bytes((0x81, 126)) + length.to_bytes(2)
    return head + payload


async def main(port: int, address: str) -> None:
    server = await asyncio.get_running_loop().create_server(Member, "127.0.0.1", port, backlog=4096)
    listening = redis.asyncio.Redis.from_url(address).pubsub()
    await listening.subscribe("bench")
    async with server:
        async for message in listening.listen():
            if message["type"] == "message":
                frame = framed(message["data"])
                for transport in _open:
                    transport.write(frame)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2]))

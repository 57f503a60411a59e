"""Writes ready frames straight to a socket's transport, where the server shows it.

ASGI's send costs 16 microseconds a delivery on uvicorn, most of it for building the same frame again for each
connection; the transport takes 6 (docs/adr/0020). Other servers (daphne, hypercorn, the test communicator) get
ASGI's send.
"""

import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

EXTENSION = "fitfriends.wire"
# Left to itself the kernel takes megabytes for a reader that has stopped: too late to notice, too much for thousands.
KERNEL_BYTES = 64 * 1024
_NO_LINGER = struct.pack("ii", 1, 0)


class Transport(Protocol):
    """A socket that takes whole WebSocket frames. `on_drained` is called when it takes more after it was full."""

    on_drained: Callable[[], None] | None

    def write(self, framed: bytes, most: int) -> bool:
        """False when it was not taken, for more than `most` bytes would wait. One that has nothing waiting takes any
        frame: a lone large one says nothing about its reader. One that is closing takes it to nowhere.
        """

    def waiting(self) -> int:
        """Bytes that the kernel has not taken yet."""

    def abort(self) -> None:
        """Ends the connection without waiting for a reader that does not read."""


def of_scope(scope: dict[str, Any]) -> Transport | None:
    return cast("Transport | None", scope.get("extensions", {}).get(EXTENSION))


class RoomProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own; the application sees its transport. `uvicorn --ws chat.realtime.transport:RoomProtocol`."""

    on_drained: Callable[[], None] | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("socket")
        if peer is not None:
            with contextlib.suppress(OSError):
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.close_sent:  # accepted as a handshake; the application starts with the loop's next turn
            cast("dict[str, object]", self.scope["extensions"])[EXTENSION] = self

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_drained is not None:
            self.on_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self.on_drained = None
        super().connection_lost(exc)

    def write(self, framed: bytes, most: int) -> bool:
        transport = self.transport
        waiting = transport.get_write_buffer_size()
        if waiting and waiting + len(framed) > most:
            return False
        if not self.close_sent and not transport.is_closing():
            transport.write(framed)
        return True

    def waiting(self) -> int:
        return self.transport.get_write_buffer_size()

    def abort(self) -> None:
        """With a reset: a goodbye would wait behind the window that the peer has shut."""
        peer = self.transport.get_extra_info("socket")
        if peer is not None:
            with contextlib.suppress(OSError):
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

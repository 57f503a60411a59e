"""UDP on the loopback interface with large buffers."""

import contextlib
import errno
import socket
from collections.abc import Iterator

HOST = "127.0.0.1"
_BUFFER = 4 << 20
_FORCE = 33  # SO_RCVBUFFORCE, asm-generic/socket.h: past net.core.rmem_max, for who may


def listening() -> socket.socket:
    """On a port of the kernel's choice, with the largest buffer that is allowed."""
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.setblocking(False)
    try:
        found.setsockopt(socket.SOL_SOCKET, _FORCE, _BUFFER)
    except OSError:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    found.bind((HOST, 0))
    return found


def connected(port: int) -> socket.socket:
    """Towards a port of another process."""
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.setblocking(False)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
    found.connect((HOST, port))
    return found


def reaches(target: socket.socket, datagram: bytes) -> bool:
    """Sends, and returns whether the port is open: the loopback interface refuses at once."""
    try:
        target.send(datagram)
        refused = target.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return False
    return refused != errno.ECONNREFUSED


def send(target: socket.socket, datagram: bytes) -> None:
    """A datagram that cannot be sent is lost, as on any network."""
    with contextlib.suppress(OSError):
        target.send(datagram)


@contextlib.contextmanager
def free_pairs(count: int) -> Iterator[list[int]]:
    """Even ports with the odd one after each free too (RFC 3550, 11); free again when the block is left."""
    held: list[socket.socket] = []
    found: list[int] = []
    try:
        while len(found) < count:
            pair = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
            held += pair
            pair[0].bind((HOST, 0))
            port = pair[0].getsockname()[1]
            if port % 2:
                continue
            with contextlib.suppress(OSError, OverflowError):
                pair[1].bind((HOST, port + 1))
                found.append(port)
        yield found
    finally:
        for each in held:
            each.close()

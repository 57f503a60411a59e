"""Which ports are free, and which setting moves one that is not."""

import random
import socket
from collections.abc import Mapping

from deploy.local.errors import StackError

# Below the range that the kernel hands out to outgoing connections, so nobody takes a port between our
# choosing it and the server's opening it.
INTERNAL = range(20000, 32000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        # As the servers do: a port in TIME_WAIT is free to listen on.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def pick(count: int) -> list[int]:
    """That many different free loopback ports."""
    found: list[int] = []
    for port in random.sample(INTERNAL, 2000):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            return found
    raise StackError("There is no free port between 20000 and 32000 on this machine.")


def require(wanted: Mapping[str, int], host: str) -> None:
    """Raise with the name of the setting for every port that another program holds."""
    busy = [
        f"Port {port} is in use by another program. Choose another: make demo {name}={port + 1}"
        for name, port in wanted.items()
        if not is_free(port, host)
    ]
    if busy:
        raise StackError("\n".join(busy))


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def pick_relay() -> int:
    """One port, free for TCP and UDP on every address, outside the ranges that stacks' media are picked from."""
    for port in random.sample(range(12000, INTERNAL.start), 500):
        if is_free(port, "0.0.0.0") and is_free_udp(port, "0.0.0.0"):  # noqa: S104 -- asked, not listened on
            return port
    raise StackError("There is no free port between 12000 and 20000 on this machine.")


def pick_udp(count: int, host: str = "0.0.0.0") -> range:  # noqa: S104 -- media arrives on every address
    """That many free UDP ports in a row, for one stack's media."""
    starts = list(range(INTERNAL.start, INTERNAL.stop - count, 100))
    for start in random.sample(starts, len(starts)):
        block = range(start, start + count)
        if all(is_free_udp(port, host) for port in block):
            return block
    raise StackError(f"There are no {count} free UDP ports in a row between 20000 and 32000 on this machine.")


def is_free_udp(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True

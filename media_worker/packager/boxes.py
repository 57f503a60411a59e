"""ISO base media boxes, read incrementally from a pipe, in bounded memory."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = 8
_LARGE_HEADER = 16
# A fragment is a fifth of a second: a box of this size is not one of ours.
MAX_BOX_BYTES = 32 * 1024 * 1024


class BoxError(ValueError):
    """The bytes are not the boxes they claim to be."""


@dataclass(frozen=True, slots=True)
class Box:
    """One complete box. `data` is all of it, header included; `body` is what it holds."""

    kind: str
    data: bytes
    header: int

    @property
    def body(self) -> memoryview:
        return memoryview(self.data)[self.header :]


class BoxReader:
    """Cuts a byte stream into top-level boxes. Holds at most one box and one read."""

    def __init__(self, max_bytes: int = MAX_BOX_BYTES) -> None:
        self._buffer = bytearray()
        self._max = max_bytes

    @property
    def pending(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Box]:
        """Yields the boxes that these bytes complete. Raises BoxError on what cannot be a box."""
        self._buffer += data
        while (box := self._take()) is not None:
            yield box

    def _take(self) -> Box | None:
        head = _read_header(self._buffer, 0, len(self._buffer))
        if head is None:
            return None
        kind, header, size = head
        if size > self._max:
            raise BoxError(f"a {kind} box of {size} bytes")
        if len(self._buffer) < size:
            return None
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return Box(kind, data, header)


def _read_header(buffer: bytes | bytearray | memoryview, at: int, end: int) -> tuple[str, int, int] | None:
    """Kind, header length and total length of the box at this place; None when more bytes are needed."""
    if end - at < _HEADER:
        return None
    size, raw = struct.unpack_from(">I4s", buffer, at)
    if not all(0x20 <= letter < 0x7F for letter in raw):
        raise BoxError(f"no box type: {raw!r}")
    header = _HEADER
    if size == 1:
        if end - at < _LARGE_HEADER:
            return None
        (size,) = struct.unpack_from(">Q", buffer, at + _HEADER)
        header = _LARGE_HEADER
    if size < header:
        raise BoxError(f"a {raw.decode()} box of {size} bytes")
    return raw.decode(), header, size


def children(body: memoryview) -> Iterator[tuple[str, memoryview]]:
    """The boxes inside a box. Raises BoxError when they do not fill it exactly."""
    at, end = 0, len(body)
    while at < end:
        head = _read_header(body, at, end)
        if head is None:
            raise BoxError("a cut-off box header")
        kind, header, size = head
        if size > end - at:
            raise BoxError(f"a {kind} box leaves its parent")
        yield kind, body[at + header : at + size]
        at += size


def child(body: memoryview, *path: str) -> memoryview:
    """The body of the first box at this path. Raises BoxError when there is none."""
    for name in path:
        for kind, inner in children(body):
            if kind == name:
                body = inner
                break
        else:
            raise BoxError(f"no {name} box")
    return body


def u8(body: memoryview, at: int) -> int:
    return _number(body, at, 1)


def u16(body: memoryview, at: int) -> int:
    return _number(body, at, 2)


def u32(body: memoryview, at: int) -> int:
    return _number(body, at, 4)


def u64(body: memoryview, at: int) -> int:
    return _number(body, at, 8)


def _number(body: memoryview, at: int, length: int) -> int:
    """A big-endian number at this place. Raises BoxError when the box is too short."""
    if at + length > len(body):
        raise BoxError("a box ends in the middle of a number")
    return int.from_bytes(body[at : at + length])

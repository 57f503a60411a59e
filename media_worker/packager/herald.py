"""Who is told of every new playlist, beside the file: the web server that holds the waiting players."""

from typing import Protocol

# More parts than this no segment has; a version is a segment's number and its parts in one number that only grows.
_PARTS = 4096


class Herald(Protocol):
    """Called for every new playlist, from the packager's thread: must return at once and not raise."""

    def tell(self, rendition: str, version: int, page: bytes, /) -> None: ...


class Silence:
    """Nobody is told; the files are all there is."""

    def tell(self, _rendition: str, _version: int, _page: bytes, /) -> None:
        return


def version(msn: int, parts: int) -> int:
    """`msn` is the segment that is being written, of which so many parts are announced."""
    return msn * _PARTS + min(parts, _PARTS - 1)

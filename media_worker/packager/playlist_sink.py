"""Who is told of every new playlist, beside the file: the web server that holds the waiting players."""

from typing import Protocol

from media_worker.packager.window import Page

# More parts than this no segment has; a version is a segment's number and its parts in one number that only grows.
_PARTS = 4096


class PlaylistSink(Protocol):
    """Called for every new playlist, from the packager's thread: must return at once and not raise."""

    @property
    def heard(self) -> bool:
        """Whether somebody took the last pages, so that nobody misses a part which is not on disk yet."""
        ...

    def tell(self, rendition: str, version: int, page: Page, /) -> None: ...


class NullSink:
    """Nobody is told; the files are all there is."""

    heard = False

    def tell(self, _rendition: str, _version: int, _page: Page, /) -> None:
        return


def version(msn: int, parts: int) -> int:
    """`msn` is the segment that is being written, of which so many parts are announced."""
    return msn * _PARTS + min(parts, _PARTS - 1)

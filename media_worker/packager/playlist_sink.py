"""Where every new playlist is pushed, beside the file: to the web server that holds the waiting players."""

from typing import Protocol

from media_worker.packager.window import RenderedPlaylist

# No segment has more parts.
_PARTS = 4096


class PlaylistSink(Protocol):
    """Takes every new playlist, in the packager's thread: returns at once and does not raise."""

    @property
    def delivered(self) -> bool:
        """Whether the last playlists were taken: then nobody needs the file to learn of a part."""
        ...

    def push(self, rendition: str, version: int, page: RenderedPlaylist, /) -> None: ...


class NullSink:
    """Takes nothing; players read the files."""

    delivered = False

    def push(self, _rendition: str, _version: int, _page: RenderedPlaylist, /) -> None:
        return


def version(msn: int, parts: int) -> int:
    """One number that only grows: the unfinished segment's media sequence number, and how many parts it lists."""
    return msn * _PARTS + min(parts, _PARTS - 1)

"""Closes the playlists of an ended class."""

from collections.abc import Sequence
from datetime import UTC, datetime

from media_worker.layout import RoomLayout
from media_worker.packager import part_files, playlist, unfinished_segment
from media_worker.packager.atomic import write_atomically
from media_worker.packager.journal import SegmentLine


def finalize(layout: RoomLayout, *, at: datetime, window: float) -> bool:
    """Closes the playlists of an ended class, over its last `window` seconds. Repeatable; no run may be writing.

    False: there is nothing here.
    """
    if not layout.folder.is_dir():
        return False
    past = unfinished_segment.recover(layout)
    if past.segments:
        _close(layout, past.since(window), past.renditions)
        part_files.tidy(layout, past.renditions)
    if not layout.ended.exists():
        write_atomically(layout.ended, at.astimezone(UTC).isoformat().encode())
    return True


def _close(layout: RoomLayout, segments: Sequence[SegmentLine], renditions: Sequence[str]) -> None:
    for name in renditions:
        entries = [playlist.entry(line, name) for line in segments]
        layout.rendition(name).mkdir(parents=True, exist_ok=True)
        write_atomically(layout.playlist(name), playlist.media(entries, ended=True).encode())

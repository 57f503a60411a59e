"""Playlists on disk: always whole, and closed when the class is over."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from media_worker.layout import RoomLayout
from media_worker.packager import journal, playlist
from media_worker.packager.journal import SegmentLine


def write_atomically(path: Path, data: bytes) -> None:
    """Readers see the old file or the new one, never a part of it."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def write_playlists(
    layout: RoomLayout, segments: Sequence[SegmentLine], renditions: Sequence[str], *, ended: bool
) -> None:
    """Writes the media playlist of every rendition the room ever had, over these consecutive segments."""
    for name in renditions:
        entries = [playlist.entry(line, name) for line in segments]
        layout.rendition(name).mkdir(parents=True, exist_ok=True)
        write_atomically(layout.playlist(name), playlist.media(entries, ended=ended).encode())


def finalize(layout: RoomLayout, *, at: datetime, window: int) -> bool:
    """Closes the playlists of an ended class. Repeatable; no run may be writing. False: there is nothing here."""
    if not layout.folder.is_dir():
        return False
    past = journal.read(layout.journal)
    if past.segments:
        write_playlists(layout, past.segments[-window:], past.renditions, ended=True)
    if not layout.ended.exists():
        write_atomically(layout.ended, at.astimezone(UTC).isoformat().encode())
    return True

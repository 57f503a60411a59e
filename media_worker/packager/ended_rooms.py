"""The files of ended classes: playlists are closed, and all is deleted when the retention time is over."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from media_worker.layout import RoomLayout, rooms
from media_worker.packager import part_files, playlist, unfinished_segment
from media_worker.packager.atomic import write_atomically
from media_worker.packager.journal import SegmentLine

# A class that nobody ended (its host died) is over for certain when nothing was written for this long.
_ABANDONED = timedelta(days=1)


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


def expired(root: Path, *, now: datetime, keep: timedelta) -> list[RoomLayout]:
    """Rooms whose class ended longer ago than `keep`. A room that is still written to is never among them."""
    found = [RoomLayout(root, ref) for ref in rooms(root)]
    return [layout for layout in found if _over_since(layout, now) <= now - keep]


def remove(layout: RoomLayout) -> None:
    """Deletes all of a room's files. Repeatable. Refuses a folder that a link leads elsewhere."""
    for root, folder in ((layout.parts_root or layout.root, layout.parts_folder), (layout.root, layout.folder)):
        if folder.is_symlink() or not folder.resolve().is_relative_to(root.resolve()):
            raise OSError(f"{folder} is not inside {root}")
        if folder.exists():
            shutil.rmtree(folder)
    layout.owner.unlink(missing_ok=True)


def _over_since(layout: RoomLayout, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(layout.ended.read_text())
    except (OSError, ValueError):
        pass
    try:
        changed = (layout.journal if layout.journal.exists() else layout.folder).stat().st_mtime
    except FileNotFoundError:
        return now
    return datetime.fromtimestamp(changed, tz=UTC) + _ABANDONED


def _close(layout: RoomLayout, segments: Sequence[SegmentLine], renditions: Sequence[str]) -> None:
    for name in renditions:
        entries = [playlist.entry(line, name) for line in segments]
        layout.rendition(name).mkdir(parents=True, exist_ok=True)
        write_atomically(layout.playlist(name), playlist.media(entries, ended=True).encode())

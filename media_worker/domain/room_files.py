"""Where a room's files are, and what becomes of them when its class is over."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from fitfriends.core import clock
from media_worker.domain import runs
from media_worker.errors import RoomHeld
from media_worker.layout import RoomLayout
from media_worker.packager import ended_rooms

_log = logging.getLogger(__name__)


def room_layout(ref: str) -> RoomLayout:
    """The paths of this room, by HLS_ROOT and HLS_PARTS_ROOT. Raises LayoutError for what is no room's name."""
    parts = Path(settings.HLS_PARTS_ROOT) if settings.HLS_PARTS_ROOT else None
    return RoomLayout(Path(settings.HLS_ROOT), ref, parts)


def close_room(ref: str) -> bool:
    """Closes the playlists of an ended class. False: it never had any. RoomHeld: a run still writes them."""
    if runs.current(ref) is not None:
        raise RoomHeld
    return ended_rooms.finalize(room_layout(ref), at=clock.now(), window=settings.DVR_WINDOW_MINUTES * 60)


def forget_old(now: datetime) -> int:
    """Deletes the files of classes that ended before the retention time. Returns how many rooms went."""
    keep = timedelta(days=settings.RECORDING_RETENTION_DAYS)
    gone = 0
    for found in ended_rooms.expired(Path(settings.HLS_ROOT), now=now, keep=keep):
        layout = room_layout(found.ref)
        if runs.current(layout.ref) is None:
            ended_rooms.remove(layout)
            _log.info("forgot the files of %s", layout.ref)
            gone += 1
    return gone

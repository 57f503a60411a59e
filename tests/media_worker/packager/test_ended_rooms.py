"""Files go when their class is over for long enough, and not before."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from media_worker.layout import RoomLayout
from media_worker.packager import ended_rooms

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
KEEP = timedelta(days=7)


def _room(root: Path, name: str, *, ended: datetime | None = None, written: datetime | None = None) -> RoomLayout:
    layout = RoomLayout(root, name)
    layout.rendition("720p").mkdir(parents=True)
    layout.segment("720p", 0).write_bytes(b"picture")
    layout.journal.write_bytes(b"{}\n")
    if written:
        os.utime(layout.journal, (written.timestamp(), written.timestamp()))
    if ended:
        layout.ended.write_text(ended.isoformat())
    return layout


def test_class_that_ended_long_ago_is_forgotten(tmp_path: Path) -> None:
    old = _room(tmp_path, "room-oldoldold", ended=NOW - KEEP - timedelta(minutes=1))
    _room(tmp_path, "room-recent00", ended=NOW - KEEP + timedelta(minutes=1))

    assert ended_rooms.expired(tmp_path, now=NOW, keep=KEEP) == [old]

    ended_rooms.remove(old)
    ended_rooms.remove(old)  # repeatable
    assert [entry.name for entry in tmp_path.iterdir()] == ["room-recent00"]


def test_class_that_nobody_ended_goes_a_day_later(tmp_path: Path) -> None:
    lost = _room(tmp_path, "room-lostlost", written=NOW - KEEP - timedelta(hours=25))
    _room(tmp_path, "room-running0", written=NOW - KEEP - timedelta(hours=23))

    assert ended_rooms.expired(tmp_path, now=NOW, keep=KEEP) == [lost]


def test_unreadable_end_counts_as_none(tmp_path: Path) -> None:
    room = _room(tmp_path, "room-abcdefgh", written=NOW)
    room.ended.write_bytes(b"\xff\xfe")

    assert ended_rooms.expired(tmp_path, now=NOW, keep=KEEP) == []


def test_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "hls", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "precious").touch()
    (root / "room-abcdefgh").symlink_to(outside)

    with pytest.raises(OSError, match="not inside"):
        ended_rooms.remove(RoomLayout(root, "room-abcdefgh"))
    assert (outside / "precious").exists()

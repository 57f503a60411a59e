"""No name becomes a path that it should not become."""

from pathlib import Path

import pytest

from media_worker import layout
from media_worker.layout import LayoutError, RoomLayout

ROOT = Path("/srv/hls")


def test_paths_of_a_room() -> None:
    room = RoomLayout(ROOT, "room-abcdefgh")

    assert str(room.multivariant) == "/srv/hls/room-abcdefgh/playlist.m3u8"
    assert str(room.playlist("720p")) == "/srv/hls/room-abcdefgh/720p/playlist.m3u8"
    assert str(room.init("720p", 7)) == "/srv/hls/room-abcdefgh/720p/init-7.mp4"
    assert str(room.segment("480p", 12)) == "/srv/hls/room-abcdefgh/480p/seg-12.m4s"
    assert layout.variant_uri("480p") == "__TOKEN__/480p/playlist.m3u8"


@pytest.mark.parametrize(
    "ref", ["", "room-", "room-short", "room-ABCDEFGH", "../room-abcdefgh", "room-abcdefgh/..", "room-abcdefgh\n"]
)
def test_what_is_no_room_is_refused(ref: str) -> None:
    with pytest.raises(LayoutError):
        RoomLayout(ROOT, ref)


@pytest.mark.parametrize("name", ["", "..", "720", "720p/..", "x720p", "720p\n"])
def test_what_is_no_rendition_is_refused(name: str) -> None:
    with pytest.raises(LayoutError):
        RoomLayout(ROOT, "room-abcdefgh").rendition(name)


def test_rooms_are_listed_and_nothing_else(tmp_path: Path) -> None:
    for name in ("room-abcdefgh", "lost+found", "room-x"):
        (tmp_path / name).mkdir()
    (tmp_path / "room-afilenotadir").touch()

    assert layout.rooms(tmp_path) == ["room-abcdefgh"]
    assert layout.rooms(tmp_path / "nowhere") == []

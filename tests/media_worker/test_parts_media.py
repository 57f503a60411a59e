"""Parts of a real ffmpeg: each is there, as long as it says, and together they are the segments."""

import itertools
import re
import threading
from pathlib import Path

import pytest

from media_worker.layout import RoomLayout
from tests.media_worker import sources
from tests.media_worker.owner import Owner, spec

pytestmark = [pytest.mark.media, pytest.mark.usefixtures("nothing_left_behind")]

_PART = re.compile(r'#EXT-X-PART:DURATION=([\d.]+),URI="(part-(\d+)\.(\d+)\.m4s)"(,INDEPENDENT=YES)?')


def _parts(playlist: str) -> list[tuple[str, float, int, int, bool]]:
    return [(m[2], float(m[1]), int(m[3]), int(m[4]), bool(m[5])) for m in _PART.finditer(playlist)]


def test_every_part_is_what_the_playlist_says(layout: RoomLayout, hd_clip: Path, tmp_path: Path) -> None:
    Owner().carry(spec(layout, hd_clip))

    for name in ("720p", "480p"):
        playlist = layout.playlist(name).read_text()
        parts = _parts(playlist)
        assert "#EXT-X-PART-INF:PART-TARGET=0.201" in playlist
        # Three whole segments of 2, 2 and 1 seconds: ten parts, ten and five.
        assert [(msn, number) for _, _, msn, number, _ in parts] == [
            *((1, number) for number in range(10)),
            *((2, number) for number in range(10)),
            *((3, number) for number in range(5)),
        ]
        init = layout.init(name, 1).read_bytes()
        if name == "720p":  # one rendition's 25 ffprobes are enough
            continue
        begins = []
        for uri, duration, msn, number, independent in parts:
            alone = tmp_path / uri
            alone.write_bytes(init + layout.part(name, msn, number).read_bytes())
            found = sources.packets(alone)
            assert len(found) == round(duration * 30) == 6
            assert found[0]["flags"].startswith("K") is independent is (number == 0)
            begins.append(float(found[0]["pts_time"]))
        assert all(abs(b - a - 0.2) < 0.001 for a, b in itertools.pairwise(begins))


def test_live_playlist_with_parts_is_read_by_a_classic_player(
    layout: RoomLayout, hd_clip: Path, tmp_path: Path
) -> None:
    """In the middle of a run, with an unfinished segment at its end: ffmpeg plays what is whole."""
    seen: list[str] = []
    owner = Owner()

    def copy() -> None:
        playlist = layout.playlist("480p").read_text()
        if '"part-2.' in playlist and "seg-1" in playlist:
            seen.append(playlist)
        elif not seen:
            threading.Timer(0.05, copy).start()

    owner.on_playable = copy
    owner.carry(spec(layout, hd_clip))

    (playlist,) = seen
    live = layout.rendition("480p") / "live.m3u8"
    live.write_text(playlist + "#EXT-X-ENDLIST\n")
    frames, complaints = sources.decoded_frames(live)
    assert (frames, complaints) == (90, "")

"""Parts of a real ffmpeg: each is there, as long as it says, and together they are the segments."""

import itertools
import re
import subprocess
import threading
from fractions import Fraction
from pathlib import Path

import pytest

from media_worker import ladder
from media_worker.enums import Quality
from media_worker.layout import RoomLayout
from media_worker.packager.fragments import FragmentReader
from media_worker.packager.room import RoomWriter
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


def test_classic_player_begins_near_the_end_of_a_long_playlist(layout: RoomLayout, tmp_path: Path) -> None:
    """Four minutes that can be rewound: whoever knows nothing of it sees the present all the same."""
    clip = tmp_path / "long.mp4"
    fragments = ["-movflags", "empty_moov+default_base_moof+skip_trailer", "-frag_duration", "200000", "-f", "mp4"]
    source = ["-f", "lavfi", "-i", "testsrc2=s=854x480:r=30", "-t", "240", "-vf", "format=yuv420p"]
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "300k", "-g", "60", "-keyint_min", "60"]
    words = ["ffmpeg", "-v", "error", *source, *encode, "-sc_threshold", "0", "-bf", "0", *fragments, str(clip)]
    subprocess.run(words, check=True, timeout=120)
    rungs = ladder.passing(Quality.SD, width=854, height=480, fps=Fraction(30))
    assert rungs is not None
    room = RoomWriter(layout, run=1, ladder=rungs, window=600)
    for item in FragmentReader().feed(clip.read_bytes()):
        room.accept("480p", item)

    playlist = layout.playlist("480p")
    assert playlist.read_text().count("#EXTINF") == 120
    probe = ["ffprobe", "-v", "error", "-select_streams", "v:0", "-read_intervals", "%+#1"]
    probe += ["-show_entries", "packet=pts_time", "-of", "csv=p=0", str(playlist)]
    begins = subprocess.run(probe, check=True, capture_output=True, text=True, timeout=60).stdout
    assert 232 < float(begins.strip().strip(",")) < 236
    room.abandon()

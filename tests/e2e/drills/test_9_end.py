"""After everything that happened: one class, one recording, and nothing left behind."""

import re
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from media_worker.layout import RoomLayout
from media_worker.packager import journal
from tests.e2e.drills.evening import Evening
from tests.e2e.parts import until


def test_class_ends_as_one_recording_and_leaves_nothing(evening: Evening) -> None:
    evening.moves()
    evening.instructor.must("POST", f"{evening.path}/end")
    expect(evening.visit.page.get_by_role("heading", name="That was Everything breaks.")).to_be_visible()
    layout = RoomLayout(evening.stack.stack.hls, evening.room_id)
    until(layout.ended.exists, what="the closing of the playlists")

    past = journal.read(layout.journal)
    assert [line.msn for line in past.segments] == list(range(len(past.segments)))
    assert [line.disc for line in past.segments] == sorted(line.disc for line in past.segments)
    dates = [line.at for line in past.segments]
    assert dates == sorted(dates)
    for line in past.segments:
        for name, piece in line.files.items():
            assert layout.segment(name, line.msn).stat().st_size == piece.size
    # What a bare player read while it ran is what is kept; where a run was cut, renditions may end a frame apart.
    kept = {line.msn: {round(piece.duration, 3) for piece in line.files.values()} for line in past.segments}
    seen = {msn: round(float(duration), 3) for msn, (_, duration) in evening.bare.segments.items()}
    assert {msn: duration for msn, duration in seen.items() if duration not in kept.get(msn, set())} == {}

    until(lambda: not evening.transcoders, what="the end of the last transcoder")
    assert evening.rows("SELECT id FROM media_worker_transcoderun WHERE ref = %s AND state <> 'finished'") == []
    assert len(evening.rows("SELECT id FROM streaming_stream WHERE room_id = %s")) == 1
    left = [path for path in layout.folder.rglob("*") if path.suffix == ".tmp" or path.name.startswith("part-")]
    assert left == []
    seconds = sum(line.duration for line in past.segments)
    lost = (past.segments[-1].at - past.segments[0].at).total_seconds() + past.segments[-1].duration - seconds
    runs = f"{len(past.runs)} runs, {len(kept)} segments"
    print(f"recorded {seconds:.0f} s in {runs}; {lost:.0f} s without a picture")
    assert _decoded_seconds(layout.playlist("720p")) > 0


def _decoded_seconds(playlist: Path) -> float:
    argv = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "info", "-i", str(playlist), "-f", "null", "-"]
    words = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=True).stderr
    times = re.findall(r"time=(\d+):(\d+):([\d.]+)", words)
    hours, minutes, seconds = times[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)

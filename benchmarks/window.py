"""What a long window costs the packager with every part, and a player with every reload.

    var/venv/bin/python -m benchmarks.window [--minutes 10] [--folder /dev/shm]

Two renditions of hand-made fragments, ten minutes and a minute more; no ffmpeg and no web server take part.
"""

import argparse
import json
import os
import resource
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from media_worker import ladder
from media_worker.enums import Quality
from media_worker.layout import RoomLayout
from media_worker.packager.fragments import FragmentReader
from media_worker.packager.room import RoomWriter
from media_worker.packager.window import RenderedPlaylist
from tests.media_worker import mp4

MEASURED_SEGMENTS = 30
FRAMES = 60


class _Ears:
    """In the web server's place."""

    def __init__(self, *, delivered: bool) -> None:
        self.delivered = delivered
        self.page = RenderedPlaylist(b"", "", b"", b"")

    def push(self, _rendition: str, _version: int, page: RenderedPlaylist, /) -> None:
        self.page = page


def measure(minutes: int, folder: str | None, *, delivered: bool) -> dict[str, float | int | bool]:
    """Milliseconds of processor time for one second of the class, all of the packager."""
    ears = _Ears(delivered=delivered)
    rungs = ladder.build(Quality.HD, width=1280, height=720, fps=Fraction(30))
    before = minutes * 30 + 1
    with tempfile.TemporaryDirectory(dir=folder) as place:
        room = RoomWriter(
            RoomLayout(Path(place), "room-benchmark"), run=1, ladder=rungs, window=minutes * 60, sink=ears
        )
        readers = {item.name: FragmentReader() for item in rungs.renditions}
        for chunk in _chunks(before):
            _feed(room, readers, chunk)
        began = _used()
        for chunk in _segments(before, MEASURED_SEGMENTS):
            _feed(room, readers, chunk)
        spent = _used() - began
        room.abandon()
    seconds = MEASURED_SEGMENTS * FRAMES / 30
    return {
        "minutes": minutes,
        "told_to_nginx": delivered,
        "packager_ms_per_second": round(1000 * spent / seconds, 2),
        "full_bytes": len(ears.page.full),
        "delta_bytes": len(ears.page.delta),
    }


def _chunks(count: int) -> Iterator[bytes]:
    yield mp4.init()
    yield from mp4.stream([30], first_frame=300)
    yield from _segments(0, count)


def _segments(first: int, count: int) -> Iterator[bytes]:
    for number in range(first, first + count):
        yield from mp4.stream([FRAMES], first_frame=330 + FRAMES * number)


def _feed(room: RoomWriter, readers: dict[str, FragmentReader], chunk: bytes) -> None:
    for name, reader in readers.items():
        for item in reader.feed(chunk):
            room.accept(name, item)


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--minutes", type=int, default=10)
    options.add_argument("--folder", help="where the files are written; the default is the system's temporary folder")
    asked = options.parse_args()
    lengths = sorted({1, asked.minutes})
    found = [
        measure(minutes, asked.folder, delivered=delivered) for minutes in lengths for delivered in (False, True)
    ]
    print(f"{'minutes':>7} {'nginx hears':>11} {'ms/s':>7} {'full':>7} {'delta':>7}")
    for row in found:
        print(
            f"{row['minutes']:>7} {'yes' if row['told_to_nginx'] else 'no':>11} {row['packager_ms_per_second']:>7} "
            f"{row['full_bytes']:>7} {row['delta_bytes']:>7}"
        )
    print(json.dumps({"benchmark": "window", "load": os.getloadavg()[0], "results": found}))


if __name__ == "__main__":
    main()

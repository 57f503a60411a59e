"""The journal survives a crash at any byte."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from media_worker.packager import journal
from media_worker.packager.journal import Journal, RunLine, SegmentFile, SegmentLine, Variant

AT = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
RUN = RunLine(7, 0, (Variant("720p", 1280, 720, 30.0, 3_700_000, 3_160_000, "avc1.64001f,mp4a.40.2"),))


def segment(msn: int, *, run: int = 7, disc: int = 0, names: tuple[str, ...] = ("720p",)) -> SegmentLine:
    files = {name: SegmentFile(2.0, 1000) for name in names}
    return SegmentLine(msn, run, disc, AT + timedelta(seconds=2 * msn), files)


def test_what_is_appended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal.append(path, [RUN, segment(0)])
    journal.append(path, [segment(1)])

    found = journal.read(path)

    assert found == Journal((RUN,), (segment(0), segment(1)))
    assert (found.next_msn, found.next_disc, found.renditions) == (2, 1, ("720p",))


def test_no_journal_is_an_empty_one(tmp_path: Path) -> None:
    found = journal.read(tmp_path / "journal.jsonl")

    assert (found.next_msn, found.next_disc, found.renditions) == (0, 0, ())


def test_line_torn_by_a_crash_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal.append(path, [RUN, segment(0), segment(1)])
    whole = path.read_bytes()
    kept = whole.index(b'{"msn":1')
    for cut in range(kept, len(whole) - 1):
        path.write_bytes(whole[:cut])
        assert journal.read(path).next_msn == 1
        journal.append(path, [segment(1)])
        assert journal.read(path).segments == (segment(0), segment(1))


@pytest.mark.parametrize(
    "line", [b"null", b"[]", b"3", b'{"msn":"x"}', b'{"msn":5,"run":1,"disc":0,"at":"x","pieces":{}}', b"\xff"]
)
def test_foreign_line_is_passed_over(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    journal.append(path, [RUN, segment(0)])
    with path.open("ab") as file:
        file.write(line + b"\n")

    assert journal.read(path).segments == (segment(0),)


def test_missing_rendition_is_served_by_the_next_smaller_one() -> None:
    assert journal.source_of("720p", ["720p", "480p"]) == "720p"
    assert journal.source_of("720p", ["480p"]) == "480p"
    assert journal.source_of("2160p", ["480p", "720p"]) == "720p"
    assert journal.source_of("480p", ["720p", "2160p"]) == "720p"

"""The formats that docs/media.md shows are the ones that we read and write."""

import re
from pathlib import Path

from media_worker import ingest_page
from media_worker.layout import init_name, part_name, segment_name
from media_worker.packager import journal, playlist_sink, unfinished_segment

PAGE = (Path(__file__).parents[2] / "docs/media.md").read_text()


def _examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_journal_is_read_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(_examples("json")[0])

    past = journal.read(path)

    assert (past.renditions, past.next_msn, past.next_disc) == (("720p", "480p"), 2, 1)
    rewritten = tmp_path / "again.jsonl"
    journal.append(rewritten, [*past.runs, *past.segments])
    assert rewritten.read_bytes() == path.read_bytes()


def test_unfinished_segment_is_read_and_written_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "opening.json"
    path.write_text(_examples("json")[1].strip())

    found = unfinished_segment.read(path)

    assert found is not None
    assert (found.msn, found.count) == (3, 2)
    again = tmp_path / "again.json"
    unfinished_segment.write(again, found)
    assert again.read_bytes() == path.read_bytes()


def test_statistics_page_is_read_as_shown() -> None:
    found = ingest_page.publisher(_examples("xml")[0].encode(), "rtmp://127.0.0.1/live/in-3f9c")

    assert found is not None
    assert found.source.ready
    assert found.source.settled
    assert (found.client_id, found.connected_seconds, found.rates.total) == ("17", 61, 2_871_840)


def test_names_and_versions_are_those_shown() -> None:
    assert str(playlist_sink.version(6, 2)) in PAGE
    assert all(name in PAGE for name in (init_name(42), segment_name(0), part_name(6, 0)))

"""Rules that no linter knows: where state is written, how long files may be, what never lands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("fitfriends", "accounts", "notifications", "clubs", "media_worker", "streaming", "chat", "deploy")


def _sources(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and "migrations" not in path.parts and "vendor" not in path.parts
    ]
    assert found, f"no sources under {folders}"
    return found


def _hits(pattern: str, paths: list[Path]) -> list[str]:
    rule = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if rule.search(line)
    ]


def test_state_is_written_only_by_the_lifecycle() -> None:
    others = [path for path in _sources("streaming", "chat", "fitfriends") if path.name != "lifecycle.py"]

    assert _hits(r"stream\.state\s*=[^=]|\.update\([^)]*\bstate=", others) == []


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _sources(*APPS, "tests", "static", suffixes=(".py", ".js"))
        if (lines := len(path.read_text().splitlines())) > 300
    }

    assert long == {}


def test_nothing_is_left_for_later() -> None:
    marks = _hits(
        r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b",
        _sources(*APPS, "static", "templates", suffixes=(".py", ".js", ".html", ".css")),
    )

    assert marks == []


def test_templates_hold_no_inline_script_or_style() -> None:
    pages = [path for path in _sources("templates", suffixes=(".html",)) if "mail" not in path.parts]

    assert _hits(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son\w+=\"|\sstyle=\"|\|safe\b", pages) == []


def test_scripts_never_write_markup() -> None:
    scripts = _sources("static/js", suffixes=(".js",))

    assert _hits(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", scripts) == []


@pytest.mark.parametrize("word", ["print"])
def test_applications_log_instead_of_printing(word: str) -> None:
    apps = [path for path in _sources(*APPS[:-1]) if "management" not in path.parts]

    assert _hits(rf"(?<![\w.\"']){word}\(", apps) == []

"""docs/glossary.md says what things are called: the words it replaced name no module, class, function or script."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("fitfriends", "accounts", "notifications", "clubs", "media_worker", "streaming", "chat", "deploy")

# The whole name of a module, script or style sheet.
MODULES = """
calls closing crack crossing desk door doors floor founding frame herald hold house ingest keeper keeping kind knock
lookout manners memory near opening order pardon pace passes pictures place places pulse rounds saying seats shelf
stamps standing talk tap timekeeping together visitors visits waiting watch wire words wording
"""
# One of the words of such a name, also of a test's.
WORDS = "ballot ballots crossing desk floor founding herald knock lookout manners pardon pulse shelf together"
CLASSES = """
Ballots Conduct Desk Door Floor FloorDesk Happening Herald Hold House Keeper Knock Line Lookout Memory Near Opening
Order Pace Person Place Pulse Seen Shelf Stage Standing Tap Together Turn Visitor Wire
"""


def _files(*folders: str, suffix: str) -> list[Path]:
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob(f"*{suffix}"))
        if not {"migrations", "vendor", "node_modules"} & set(path.parts)
    ]
    assert found, f"nothing under {folders}"
    return found


def test_no_module_or_script_has_a_replaced_name() -> None:
    files = [*_files(*APPS, suffix=".py"), *_files("static/js", suffix=".js"), *_files("static/css", suffix=".css")]

    assert [str(path.relative_to(ROOT)) for path in files if path.stem in MODULES.split()] == []


def test_no_module_script_or_test_has_a_replaced_word_in_its_name() -> None:
    files = [*_files(*APPS, "tests", suffix=".py"), *_files("static", suffix=".js"), *_files("static", suffix=".css")]
    words = set(WORDS.split())

    assert [str(path.relative_to(ROOT)) for path in files if words & set(re.split(r"[_-]", path.stem))] == []


def _declared(path: Path) -> Iterator[str]:
    if path.suffix == ".js":
        yield from re.findall(r"^(?:export )?(?:default )?class (\w+)", path.read_text(), re.MULTILINE)
    else:
        yield from (node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef))


def test_no_class_has_a_replaced_name() -> None:
    files = [*_files(*APPS, suffix=".py"), *_files("static/js", suffix=".js")]

    assert [
        f"{path.relative_to(ROOT)}: {name}" for path in files for name in _declared(path) if name in CLASSES.split()
    ] == []


def test_the_glossary_defines_each_word_once() -> None:
    lines = (ROOT / "docs/glossary.md").read_text().splitlines()
    words = [word.strip() for line in lines if line.startswith("| ") for word in line.split("|")[1].split(",")]
    defined = [word for word in words if word != "word"]

    assert len(defined) >= 30
    assert sorted(defined) == sorted(set(defined))

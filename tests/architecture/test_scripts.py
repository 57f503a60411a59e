"""Scripts have folders in an order, files that stay short, and the words of the glossary."""

import re
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "static/js"

# From the bottom. A folder imports from itself and from those before it.
ORDER = ("lib", "webrtc", "player", "interactions", "chat", "camera", "studio", "pages")
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
STRING = re.compile(r"\"[^\"\n]*\"")
# Whole words and parts of names: this.floor, TalkLog, NEAR_MS, deskApi.
OLD_WORDS = re.compile(
    r"(?<![A-Za-z])(?:floor|talk|desk|near|crack|stage|patience|manner)(?![a-z])"
    r"|(?:Floor|Talk|Desk|Near|Crack|Stage|Patience|Manner)(?![a-z])"
    r"|\b(?:NEAR|PATIENCE|MANNER|STAGE)(?:_[A-Z]+)*\b"
)
# frame.floor of `welcome`; Math.floor.
FRAMES = {"floor"}
IMPORT = re.compile(r"""(?:\bfrom|\bimport|\bimport\(|\bURL\()\s*["'](\.[^"']+\.js)["']""")


def _modules() -> list[Path]:
    found = sorted(SCRIPTS.rglob("*.js"))
    assert found
    return found


def _imports(module: Path) -> list[Path]:
    named = [(module.parent / name).resolve() for name in IMPORT.findall(module.read_text())]
    return [path for path in named if path.is_relative_to(SCRIPTS)]


def _folder(module: Path) -> str:
    return module.relative_to(SCRIPTS).parts[0]


def _arrows() -> set[tuple[str, str]]:
    pairs = {(_folder(module), _folder(path)) for module in _modules() for path in _imports(module)}
    return {(above, below) for above, below in pairs if above != below}


def test_every_script_stands_in_a_folder_of_the_order() -> None:
    assert {str(path.relative_to(SCRIPTS).parent) for path in _modules()} == set(ORDER)


def test_imports_name_files_that_exist() -> None:
    assert [str(path) for module in _modules() for path in _imports(module) if not path.is_file()] == []


def test_no_folder_imports_upwards() -> None:
    arrows = _arrows()

    assert {(above, below) for above, below in arrows if ORDER.index(below) > ORDER.index(above)} == set()
    assert 10 < len(arrows) <= 19


def test_modules_import_in_no_circle() -> None:
    waiting = {module: set(_imports(module)) - {module} for module in _modules()}
    while ready := [module for module, needed in waiting.items() if not needed & waiting.keys()]:
        for module in ready:
            del waiting[module]

    assert [str(module.relative_to(SCRIPTS)) for module in waiting] == []


def test_modules_stay_under_two_hundred_lines_of_code() -> None:
    """Comments do not count: half of them are types."""
    lengths = {
        str(module.relative_to(SCRIPTS)): len([line for line in text.splitlines() if line.strip()])
        for module in _modules()
        if (text := COMMENT.sub("", module.read_text()))
    }

    assert {name: lines for name, lines in lengths.items() if lines >= 200} == {}


def test_words_that_were_our_own_are_gone() -> None:
    """What is left of them is what the socket's frames call it, and what a person reads."""
    sources = {
        str(module.relative_to(SCRIPTS)): STRING.sub("", COMMENT.sub("", module.read_text())) for module in _modules()
    }
    found = {name: hits for name, text in sources.items() if (hits := sorted(set(OLD_WORDS.findall(text)) - FRAMES))}

    assert found == {}

"""Vendored files are the ones that were reviewed: unchanged, licensed, and the ones that pages name."""

import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
VENDOR = STATIC / "vendor"


def _sums() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {path.removeprefix("./"): digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def test_vendored_files_have_their_checksums() -> None:
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in {"SHA256SUMS", "README.md", "packages.json"}
    }

    assert found == _sums()


def test_vendored_libraries_carry_their_licence() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]

    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_sources_name_only_vendored_files_that_exist() -> None:
    sources = [*(STATIC / "js").rglob("*.js"), *(STATIC / "css").rglob("*.css")]
    named = {match for path in sources for match in re.findall(r"vendor/([\w./-]+)", path.read_text())}

    assert named
    assert {name for name in named if not (VENDOR / name).is_file()} == set()


def test_elements_that_the_controls_make_by_name_are_there() -> None:
    """media-chrome imports what it extends, not all that it puts into its templates."""
    modules = "".join(path.read_text() for path in (VENDOR / "media-chrome").rglob("*.js"))
    screen = (STATIC.parent / "templates/components/screen.html").read_text()
    defined = set(re.findall(r'customElements\.define\(\s*"([\w-]+)"', modules))
    named = set(re.findall(r'<(media-[\w-]+)|createElement\(\s*"(media-[\w-]+)"', modules + screen))

    assert {name for pair in named for name in pair if name} - defined == set()


def test_colours_live_in_the_tokens_alone() -> None:
    sheets = [path for path in (STATIC / "css").rglob("*.css") if path.name != "tokens.css"]
    hits = [f"{path.name}: {hit}" for path in sheets for hit in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text())]

    assert hits == []


def test_icons_that_pages_name_are_in_the_sprite() -> None:
    root = STATIC.parent
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (STATIC / "icons/sprite.svg").read_text()))
    pages = [path.read_text() for path in (root / "templates").rglob("*.html")]
    scripts = [path.read_text() for path in (STATIC / "js").rglob("*.js")]
    named = {name for text in pages for name in re.findall(r'{% icon "([\w-]+)" %}', text)}
    named |= {name for text in scripts for name in re.findall(r'\bicon\("([\w-]+)"\)', text)}

    assert named - drawn == set()

"""The build: what pages ask for, under names that change with the content and with nothing else."""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from fitfriends.frontend import build, entries

SOURCES = Path(settings.FRONTEND_SOURCES)
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def test_every_entry_has_a_name_with_a_hash(tmp_path: Path) -> None:
    names = build.build(SOURCES, tmp_path / "out")

    assert set(entries.ALL) <= set(names)
    assert [name for name in names.values() if not build.BUILT_NAME.search(name)] == []
    assert [name for name in names.values() if not (build.files(tmp_path / "out") / name).is_file()] == []


def test_names_depend_on_the_content_alone(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "elsewhere")
    here = build.build(SOURCES, tmp_path / "out")
    there = build.build(tmp_path / "elsewhere", tmp_path / "far/away")
    with (tmp_path / "elsewhere/js/pages/bell.js").open("a") as script:
        script.write("\nconsole.info('changed');\n")
    changed = build.build(tmp_path / "elsewhere", tmp_path / "far/away")

    assert there == here
    assert {name for name in here if here[name] != changed[name]} == {"js/pages/site.js"}


def test_what_a_build_left_is_not_mixed_into_the_next(tmp_path: Path) -> None:
    (tmp_path / "out/files").mkdir(parents=True)
    (tmp_path / "out/files/old-AAAAAAAA.js").touch()

    build.build(SOURCES, tmp_path / "out")

    assert not (tmp_path / "out/files/old-AAAAAAAA.js").exists()


def test_templates_ask_for_entries_and_for_nothing_else() -> None:
    text = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    named = set(re.findall(r"""{% static ['"]([^'"]+)['"] %}""", text))
    scripts_and_styles = {name for name in named if name.endswith((".js", ".css"))}

    assert scripts_and_styles == set(entries.ALL)
    assert [name for name in named if not (SOURCES / name).is_file()] == []


def test_without_esbuild_the_words_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(build.BuildError, match="apt-get install esbuild"):
        build.build(SOURCES, tmp_path / "out")


def test_a_script_that_cannot_be_read_fails_the_build(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "static")
    (tmp_path / "static/js/pages/bell.js").write_text("export function ring( {")

    with pytest.raises(build.BuildError, match=r"bell\.js"):
        build.build(tmp_path / "static", tmp_path / "out")

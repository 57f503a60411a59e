"""Bundles the entries with esbuild into a folder, under names that hold a hash of their content."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict, cast

from fitfriends.frontend import entries

_NAMES = "built.json"
_SOURCES = "sources"
# Debian 12 has 0.17.0. Older ones read neither our scripts nor our style sheets.
OLDEST = (0, 17)
# What pages were written for: private methods, :has(). Older browsers are not asked to follow.
TARGET = "es2022,chrome105,edge105,firefox121,safari15.4,ios15.4"
_PATTERN = "[dir]/[name]-[hash]"
BUILT_NAME = re.compile(r"-[A-Z2-7]{8}\.(?:js|css|woff2)(?:\.map)?$")


class BuildError(Exception):
    """The front end could not be built; the words say what to do."""


class _Output(TypedDict, total=False):
    entryPoint: str
    inputs: dict[str, object]


def build(sources: Path, target: Path) -> dict[str, str]:
    """Replace what is in `target`. Returns the built name of each source that pages may ask for. Raises BuildError.

    The same sources get the same names wherever they lie and wherever they are built.
    """
    program = esbuild()
    shutil.rmtree(target, ignore_errors=True)
    files(target).mkdir(parents=True)
    # Source maps hold the way from a built file to its sources, and hashes hold the maps: one way for everybody.
    (target / _SOURCES).symlink_to(sources)
    # A page by itself: what pages have in common is small, and as chunks of its own it would be six more requests.
    runs: list[Sequence[str]] = [(page, *entries.LAZY) for page in entries.PAGES]
    runs += [(worker,) for worker in entries.WORKERS]
    runs.append(entries.STYLES)
    names: dict[str, str] = {}
    with ThreadPoolExecutor() as pool:
        for built in pool.map(lambda asked: _bundle(program, target, asked), runs):
            for name, path in built.items():
                if names.setdefault(name, path) != path:
                    raise BuildError(f"{name} shares code with a page that imports it: it would be built twice.")
    (target / _NAMES).write_text(json.dumps(names, indent=1, sort_keys=True))
    return names


def files(target: Path) -> Path:
    """Where the built files are."""
    return target / "files"


def built_names(target: Path) -> dict[str, str]:
    """What `build` returned when it last ran."""
    return cast("dict[str, str]", json.loads((target / _NAMES).read_text()))


def esbuild() -> str:
    """The program. Raises BuildError where there is none, or an old one."""
    found = shutil.which("esbuild")
    if found is None:
        raise BuildError("esbuild is not installed. `make demo` installs it on Debian: apt-get install esbuild")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        raise BuildError(f"esbuild {version} is too old: {'.'.join(map(str, OLDEST))} or newer is needed.")
    return found


def _bundle(program: str, target: Path, asked: Sequence[str]) -> dict[str, str]:
    facts = target / f"{Path(asked[0]).name}.meta.json"
    argv = [program, *(f"{_SOURCES}/{name}" for name in asked), "--bundle", "--minify", "--splitting", "--format=esm"]
    argv += ["--preserve-symlinks", f"--outbase={_SOURCES}", f"--outdir={files(target)}", "--sourcemap"]
    argv += [f"--entry-names={_PATTERN}", f"--asset-names={_PATTERN}", "--chunk-names=js/chunks/[name]-[hash]"]
    argv += ["--loader:.woff2=file", f"--target={TARGET}", f"--metafile={facts}", "--log-level=warning"]
    result = subprocess.run(argv, cwd=target, capture_output=True, text=True, check=False)
    if result.returncode or result.stderr:
        raise BuildError(result.stderr)
    outputs: Mapping[str, _Output] = json.loads(facts.read_text())["outputs"]
    facts.unlink()
    return {
        source.removeprefix(f"{_SOURCES}/"): str(Path(path).relative_to("files"))
        for path, output in outputs.items()
        if (source := _source(output))
    }


def _source(output: _Output) -> str | None:
    """The file that this one stands for: an entry, or the only file that was copied into it. None: a chunk, a map."""
    inputs = list(output["inputs"])
    copied = inputs[0] if len(inputs) == 1 and not inputs[0].endswith((".js", ".css")) else None
    return output.get("entryPoint", copied)

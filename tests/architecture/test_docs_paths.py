"""What the documentation names is there: files by their path from the root, files by name alone, modules to run."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = "py|lua|conf|jcfg|js|css|html|sh|c|toml|md"
# In code spans, code blocks and tables alike; an address of the web is no path of ours.
_FILE = re.compile(rf"(?<![\w./:-])((?:[\w.-]+/)*[\w.-]+\.(?:{SUFFIXES}))(?![\w/-])")
_LINK = re.compile(r"\]\(([^)#:]+)")
_MODULE = re.compile(r"python3? -m ([a-z_]+(?:\.[a-z_]+)*)")
# Sources of Janus, names of libraries, and one script that is gone: a decision says why.
FOREIGN = {"boot.js", "janus_videoroom.c", "janus_streaming.c", "hls.js", "Node.js"}


def _pages() -> list[Path]:
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "benchmarks/README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]


def _tracked() -> set[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    return set(subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines())


def _unknown(page: Path, tracked: set[str]) -> list[str]:
    text = page.read_text()
    names = {path.rpartition("/")[2] for path in tracked}
    missing = [
        found
        for found in _FILE.findall(_LINK.sub("", text))
        if found not in FOREIGN and (found not in tracked if "/" in found else found not in names)
    ]
    missing += [link for link in _LINK.findall(text) if not (page.parent / link.strip()).exists()]
    for module in _MODULE.findall(text):
        path = module.replace(".", "/")
        if module.partition(".")[0] in {"deploy", "benchmarks", "media_worker"}:
            missing += [module] if not {f"{path}.py", f"{path}/__main__.py"} & tracked else []
    return [f"{page.relative_to(ROOT)}: {each}" for each in missing]


def test_every_path_in_the_documentation_exists() -> None:
    tracked = _tracked()

    assert [line for page in _pages() for line in _unknown(page, tracked)] == []

"""Brings the libraries of `static/vendor/packages.json`.

Change a version there, then run `python -m deploy.developer.vendor`.
Files come unchanged out of the npm packages, by `npm pack`, with their licence; SHA256SUMS is written again. What is
committed is what was reviewed: a look at `git diff` belongs to an update.
"""

import hashlib
import json
import posixpath
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
SUMS = VENDOR / "SHA256SUMS"
OURS = frozenset({"SHA256SUMS", "README.md", "packages.json"})
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+)["']""")


def main() -> None:
    packages: dict[str, dict[str, Any]] = json.loads((VENDOR / "packages.json").read_text())
    for name, wanted in packages.items():
        folder = VENDOR / wanted.get("folder", name)
        with tempfile.TemporaryDirectory() as packed:
            files = _wanted(_unpack(f"{name}@{wanted['version']}", Path(packed)), wanted)
        shutil.rmtree(folder, ignore_errors=True)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        print(f"{name} {wanted['version']}: {len(files)} files")
    SUMS.write_text("".join(f"{digest}  ./{path}\n" for path, digest in sorted(digests().items())))


def digests() -> dict[str, str]:
    """SHA-256 of every vendored file, by its path."""
    return {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in OURS
    }


def _unpack(package: str, folder: Path) -> dict[str, bytes]:
    """The files of a published package. npm compares the archive with the digest that its registry names."""
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        return {
            member.name.partition("/")[2]: file.read()
            for member in packed.getmembers()
            if (file := packed.extractfile(member))
        }


def _wanted(published: dict[str, bytes], wanted: dict[str, Any]) -> dict[str, bytes]:
    """`files` under the names we give them, `modules` with all that they import, under their own."""
    found = {ours: published[theirs] for theirs, ours in wanted["files"].items()}
    waiting = list(wanted.get("modules", ()))
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = published[path]
            imports = _IMPORT.findall(published[path].decode())
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(path), each)) for each in imports]
    return found


if __name__ == "__main__":
    main()

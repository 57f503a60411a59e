"""Finds a source for whoever asks for it by name, and the built files for collectstatic."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

from fitfriends.frontend import build, entries

# Beside the vendored files, for whoever works on them.
_NOTES = ("README.md", "SHA256SUMS", "packages.json")


class SiteFiles(FileSystemFinder):
    """`find` is Django's: sources as they are. `list` builds, and gives scripts, styles and fonts as built."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        target = Path(settings.FRONTEND_BUILD)
        build.build(Path(settings.FRONTEND_SOURCES), target)
        built = build.files(target)
        storage = FileSystemStorage(location=built)
        for path in sorted(built.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(built)), storage
        for name, source in super().list(ignore_patterns):
            if not name.endswith((*entries.SUFFIXES, *_NOTES)):
                yield name, source

"""Names with a hash of the content for everything that is collected, compressed once, at that time."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from fitfriends.frontend import build

# Of brotli. The best takes a second a megabyte, which the admin and the API's documentation are not worth.
BEST, QUICK = 11, 5


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Django's manifest storage, where what esbuild has built keeps the name it got there.

    A template that names what was not collected fails. Files of earlier builds stay, so that a page that was loaded
    before a deploy goes on with its own.
    """

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:  # noqa: FBT001, FBT002 -- Django's
        built = {name for name in paths if build.BUILT_NAME.search(name)}
        others = {name: found for name, found in paths.items() if name not in built}
        yield from super().post_process(others, dry_run=dry_run, **options)
        if not dry_run:
            for name, compressed in self._compress(built, quality=BEST):
                yield name, compressed, True

    def save_manifest(self) -> None:
        self.hashed_files.update(build.built_names(Path(settings.FRONTEND_BUILD)))
        super().save_manifest()

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Of the two names of a file only the hashed one is what pages ask for."""
        return self._compress(set(paths) & set(self.hashed_files.values()), quality=QUICK)

    def _compress(self, paths: Iterable[str], *, quality: int) -> Iterator[tuple[str, str]]:
        self._quality = quality
        compressed: Iterator[tuple[str, str]] = super().compress_files(paths)
        return compressed

    def create_compressor(self, **options: Any) -> Compressor:
        return _Once(quality=self._quality, **options)


class _Once(Compressor):  # type: ignore[misc]
    """Leaves what is compressed already: names with a hash never change their content."""

    def __init__(self, *, quality: int, **options: Any) -> None:
        super().__init__(**options)
        self.quality = quality

    def compress(self, path: str) -> list[str]:
        return [] if Path(f"{path}.gz").exists() else super().compress(path)

    def compress_brotli(self, data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=self.quality))

"""The only place that spells an HLS path."""

import re
from dataclasses import dataclass
from pathlib import Path

_REF = re.compile(r"room-[a-z0-9]{8,40}")
_PART = re.compile(r"part-([0-9]{1,12})\.[0-9]{1,4}\.m4s")
_RENDITION = re.compile(r"[0-9]{3,4}p")

PLAYLIST = "playlist.m3u8"
# nginx puts the viewer's token here, so that relative addresses carry it to any player.
TOKEN_PLACE = "__TOKEN__"  # noqa: S105 -- a place holder, not a secret


class LayoutError(ValueError):
    """A name that must never become a path."""


@dataclass(frozen=True, slots=True)
class RoomLayout:
    """Paths of one room below the HLS root. Refuses names that could leave it."""

    root: Path
    ref: str
    # Where parts live for their few seconds, for instance on tmpfs; None: beside the segments.
    parts_root: Path | None = None

    def __post_init__(self) -> None:
        if not _REF.fullmatch(self.ref):
            raise LayoutError(f"not a room: {self.ref!r}")

    @property
    def folder(self) -> Path:
        return self.root / self.ref

    @property
    def multivariant(self) -> Path:
        return self.folder / PLAYLIST

    @property
    def journal(self) -> Path:
        return self.folder / "journal.jsonl"

    @property
    def unfinished(self) -> Path:
        """Which parts of the unfinished segment were announced (its name on disk is older than ours)."""
        return self.folder / "opening.json"

    @property
    def parts_folder(self) -> Path:
        return (self.parts_root or self.root) / self.ref

    @property
    def owner(self) -> Path:
        """Which run may write here; beside the rooms, for it is no part of any class."""
        return self.root / ".owners" / self.ref

    @property
    def ended(self) -> Path:
        """Marks that the class is over; its time starts the retention."""
        return self.folder / "ended"

    def rendition(self, name: str) -> Path:
        if not _RENDITION.fullmatch(name):
            raise LayoutError(f"not a rendition: {name!r}")
        return self.folder / name

    def playlist(self, rendition: str) -> Path:
        return self.rendition(rendition) / PLAYLIST

    def init(self, rendition: str, run: int) -> Path:
        return self.rendition(rendition) / init_name(run)

    def segment(self, rendition: str, msn: int) -> Path:
        return self.rendition(rendition) / segment_name(msn)

    def part(self, rendition: str, msn: int, number: int) -> Path:
        return self.parts_folder / self.rendition(rendition).name / part_name(msn, number)

    def parts(self, rendition: str) -> list[tuple[int, Path]]:
        """Every part on disk with the number of its segment."""
        folder = self.parts_folder / self.rendition(rendition).name
        names = ((_PART.fullmatch(path.name), path) for path in folder.glob("part-*"))
        return [(int(match[1]), path) for match, path in names if match]


def init_name(run: int) -> str:
    return f"init-{run:d}.mp4"


def segment_name(msn: int) -> str:
    return f"seg-{msn:d}.m4s"


def part_name(msn: int, number: int) -> str:
    return f"part-{msn:d}.{number:d}.m4s"


def variant_uri(rendition: str) -> str:
    return f"{TOKEN_PLACE}/{rendition}/{PLAYLIST}"


def rooms(root: Path) -> list[str]:
    """Refs of all rooms that have files, and of nothing else that may lie in the root."""
    if not root.is_dir():
        return []
    return sorted(entry.name for entry in root.iterdir() if entry.is_dir() and _REF.fullmatch(entry.name))

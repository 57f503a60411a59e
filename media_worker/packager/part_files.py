"""The part files of one run: written as parts come, removed when no player asks for them any more."""

import contextlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from media_worker.layout import RoomLayout
from media_worker.packager.atomic import write_atomically
from media_worker.packager.segments import Part
from media_worker.packager.unfinished_segment import PartInfo

# Playlists list the parts of this many whole segments: low-latency players are never further behind.
SEGMENTS_WITH_PARTS = 3
# A player that has just read the previous playlist may still fetch what has left it.
_GRACE_SEGMENTS = 1


class PartFiles:
    """The parts of each segment, by media sequence number and rendition. `longest` is in seconds."""

    def __init__(self, layout: RoomLayout, renditions: Sequence[str]) -> None:
        self._layout = layout
        self.longest = 0.0  # seconds
        self._parts: defaultdict[int, dict[str, list[PartInfo]]] = defaultdict(
            lambda: {name: [] for name in renditions}
        )

    def add(self, rendition: str, msn: int, part: Part) -> None:
        parts = self._parts[msn][rendition]
        path = self._layout.part(rendition, msn, len(parts))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, part.data)
        self.longest = max(self.longest, float(part.duration))
        parts.append(PartInfo(float(part.duration), len(part.data), part.independent))

    def common(self, msn: int) -> int:
        """How many parts of this segment every rendition has."""
        return min(len(parts) for parts in self._parts[msn].values()) if msn in self._parts else 0

    def parts(self, msn: int, count: int | None = None) -> Mapping[str, tuple[PartInfo, ...]]:
        """The first `count` parts of this segment by rendition; empty where the segment has none."""
        if msn not in self._parts:
            return {}
        return {name: tuple(parts[:count]) for name, parts in self._parts[msn].items()}

    def forget(self, *, open_msn: int) -> None:
        """Removes the parts of segments that playlists no longer list. `open_msn` is the unfinished segment."""
        oldest = open_msn - SEGMENTS_WITH_PARTS - _GRACE_SEGMENTS
        for msn in [msn for msn in self._parts if msn < oldest]:
            for name, parts in self._parts.pop(msn).items():
                for number in range(len(parts)):
                    self._layout.part(name, msn, number).unlink(missing_ok=True)


def tidy(layout: RoomLayout, renditions: Sequence[str], *, keep: range | None = None) -> None:
    """Removes the parts of earlier runs, except those of segments in `keep`; without it also the empty folders."""
    for name in renditions:
        for msn, path in layout.parts(name):
            if keep is None or msn not in keep:
                path.unlink(missing_ok=True)
    if keep is None and layout.parts_root is not None:
        for folder in (*(layout.parts_folder / name for name in renditions), layout.parts_folder):
            with contextlib.suppress(OSError):  # not empty, or never made
                folder.rmdir()

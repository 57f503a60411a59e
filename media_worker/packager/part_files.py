"""The part files of one run: written as they come, removed when no player asks for them any more."""

import contextlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from media_worker.layout import RoomLayout
from media_worker.packager.atomic import write_atomically
from media_worker.packager.segments import Part
from media_worker.packager.unfinished_segment import PartFact

# Playlists list the parts of so many whole segments: players that follow part by part are not further behind.
SEGMENTS_WITH_PARTS = 3
# Whoever has just read the playlist before may still fetch what has left it.
_GRACE_SEGMENTS = 1


class PartFiles:
    """Knows the parts of each segment, by media sequence number and rendition."""

    def __init__(self, layout: RoomLayout, renditions: Sequence[str]) -> None:
        self._layout = layout
        self.longest = 0.0  # seconds
        self._facts: defaultdict[int, dict[str, list[PartFact]]] = defaultdict(
            lambda: {name: [] for name in renditions}
        )

    def add(self, rendition: str, msn: int, part: Part) -> None:
        facts = self._facts[msn][rendition]
        path = self._layout.part(rendition, msn, len(facts))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, part.data)
        self.longest = max(self.longest, float(part.duration))
        facts.append(PartFact(float(part.duration), len(part.data), part.independent))

    def common(self, msn: int) -> int:
        """How many parts of this segment every rendition has."""
        return min(len(facts) for facts in self._facts[msn].values()) if msn in self._facts else 0

    def parts(self, msn: int, count: int | None = None) -> Mapping[str, tuple[PartFact, ...]]:
        """The first `count` parts of this segment in each rendition; nothing where it has none."""
        if msn not in self._facts:
            return {}
        return {name: tuple(facts[:count]) for name, facts in self._facts[msn].items()}

    def forget(self, *, open_msn: int) -> None:
        """Removes parts that are too old to be asked for."""
        oldest = open_msn - SEGMENTS_WITH_PARTS - _GRACE_SEGMENTS
        for msn in [msn for msn in self._facts if msn < oldest]:
            for name, facts in self._facts.pop(msn).items():
                for number in range(len(facts)):
                    self._layout.part(name, msn, number).unlink(missing_ok=True)


def tidy(layout: RoomLayout, renditions: Sequence[str], *, keep: range | None = None) -> None:
    """Removes what earlier runs left, but for the parts of segments in `keep`."""
    for name in renditions:
        for msn, path in layout.parts(name):
            if keep is None or msn not in keep:
                path.unlink(missing_ok=True)
    if keep is None and layout.parts_root is not None:
        for folder in (*(layout.parts_folder / name for name in renditions), layout.parts_folder):
            with contextlib.suppress(OSError):  # not empty, or never made
                folder.rmdir()

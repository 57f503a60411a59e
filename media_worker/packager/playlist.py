"""Playlists as text. Pure: facts in, lines out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from media_worker.ladder import SEGMENT_SECONDS
from media_worker.layout import PLAYLIST, init_name, part_name, segment_name, variant_uri
from media_worker.packager.journal import SegmentLine, Variant, source_of
from media_worker.packager.opening import Opening, PartFact

# 7: fMP4 segments, EXT-X-MAP outside I-frame playlists. Parts need no higher one; older players skip their lines.
VERSION = 7
_PARTS_BEHIND = 3
_SEGMENTS_BEHIND = 3


@dataclass(frozen=True, slots=True)
class PartEntry:
    uri: str
    duration: float
    independent: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment as one rendition's playlist names it. Without `uri` it is not whole yet."""

    msn: int
    disc: int
    at: datetime
    duration: float
    uri: str
    init: str
    parts: tuple[PartEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """What a player that follows part by part has to know. `opening` holds the parts behind the last segment."""

    part_target: float
    msn: int
    count: int
    opening: Entry | None
    hint: str
    others: tuple[str, ...]


def entry(line: SegmentLine, rendition: str, parts: Mapping[str, Sequence[PartFact]] | None = None) -> Entry:
    """The segment in this rendition, or in the nearest one that the run had."""
    source, prefix = _source(rendition, line.pieces)
    return Entry(
        msn=line.msn,
        disc=line.disc,
        at=line.at,
        duration=line.pieces[source].duration,
        uri=prefix + segment_name(line.msn),
        init=prefix + init_name(line.run),
        parts=_parts(prefix, line.msn, (parts or {}).get(source, ())),
    )


def edge(opening: Opening, rendition: str, others: Sequence[str], *, part_target: float, more: bool) -> Edge:
    """`more`: another part will come, under the name that the playlist can give away already."""
    source, prefix = _source(rendition, opening.parts)
    count = opening.count
    unfinished = Entry(
        msn=opening.msn,
        disc=opening.disc,
        at=opening.at,
        duration=0,
        uri="",
        init=prefix + init_name(opening.run),
        parts=_parts(prefix, opening.msn, opening.parts[source][:count]),
    )
    hint = prefix + part_name(opening.msn, count) if more else ""
    return Edge(part_target, opening.msn, count, unfinished if count else None, hint, tuple(others))


def _source(rendition: str, have: Mapping[str, object]) -> tuple[str, str]:
    source = source_of(rendition, tuple(have))
    return source, "" if source == rendition else f"../{source}/"


def _parts(prefix: str, msn: int, facts: Sequence[PartFact]) -> tuple[PartEntry, ...]:
    return tuple(
        PartEntry(prefix + part_name(msn, number), fact.duration, fact.independent)
        for number, fact in enumerate(facts)
    )


def media(entries: Sequence[Entry], *, ended: bool, edge: Edge | None = None) -> str:
    """A media playlist over consecutive segments, oldest first; at least one."""
    target = max(SEGMENT_SECONDS, *(round(item.duration) for item in entries))
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{target}",
        *(_control(edge, target) if edge else ()),
        f"#EXT-X-MEDIA-SEQUENCE:{entries[0].msn}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{entries[0].disc}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    disc, init = entries[0].disc, ""
    for item in (*entries, *([edge.opening] if edge and edge.opening else [])):
        if item.disc != disc:
            lines.append("#EXT-X-DISCONTINUITY")
        if item.init != init or item.disc != disc:
            lines.append(f'#EXT-X-MAP:URI="{item.init}"')
        disc, init = item.disc, item.init
        lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_iso(item.at)}")
        lines += map(_part, item.parts)
        if item.uri:
            lines += [f"#EXTINF:{item.duration:.5f},", item.uri]
    lines += _beyond(edge, entries[-1]) if edge else ()
    if ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def _control(edge: Edge, target: int) -> list[str]:
    # No part may be longer than the target: it is announced a millisecond above the longest.
    part_target = math.ceil(edge.part_target * 1000 + 1 - 1e-6) / 1000
    return [
        (
            f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={_PARTS_BEHIND * part_target:.3f},"
            f"HOLD-BACK={_SEGMENTS_BEHIND * target:.1f}"
        ),
        f"#EXT-X-PART-INF:PART-TARGET={part_target:.3f}",
    ]


def _part(item: PartEntry) -> str:
    independent = ",INDEPENDENT=YES" if item.independent else ""
    return f'#EXT-X-PART:DURATION={item.duration:.5f},URI="{item.uri}"{independent}'


def _beyond(edge: Edge, last: Entry) -> list[str]:
    """The part to come, and how far the other renditions are: as far as this one."""
    hint = [f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{edge.hint}"'] if edge.hint else []
    if edge.count:
        at = f"LAST-MSN={edge.msn},LAST-PART={edge.count - 1}"
    else:
        at = f"LAST-MSN={last.msn}" + (f",LAST-PART={len(last.parts) - 1}" if last.parts else "")
    return [*hint, *(f'#EXT-X-RENDITION-REPORT:URI="../{name}/{PLAYLIST}",{at}' for name in edge.others)]


def multivariant(variants: Sequence[Variant]) -> str:
    """The playlist that a player opens; each address holds the place of the viewer's token."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for item in variants:
        lines += [
            (
                f"#EXT-X-STREAM-INF:BANDWIDTH={item.bandwidth},AVERAGE-BANDWIDTH={item.average},"
                f'CODECS="{item.codecs}",RESOLUTION={item.width}x{item.height},FRAME-RATE={item.fps:.3f}'
            ),
            variant_uri(item.name),
        ]
    return "\n".join(lines) + "\n"


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

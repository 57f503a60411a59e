"""Playlists as text (RFC 8216, and RFC 8216bis for low latency). Pure: segments and parts in, lines out."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from media_worker.ladder import SEGMENT_SECONDS
from media_worker.layout import PLAYLIST, init_name, part_name, segment_name, variant_uri
from media_worker.packager.journal import SegmentLine, Variant, source_of
from media_worker.packager.unfinished_segment import PartInfo, UnfinishedSegment

# 7: fMP4 segments, EXT-X-MAP outside I-frame playlists. Parts need no higher one; older players skip their lines.
VERSION = 7
# EXT-X-SKIP; only in a delta update, which a player asked for.
VERSION_OF_DELTAS = 9
_PARTS_BEHIND = 3
_SEGMENTS_BEHIND = 3


@dataclass(frozen=True, slots=True)
class PartEntry:
    """A part as a playlist lists it. `duration` is in seconds."""

    uri: str
    duration: float
    independent: bool


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as one rendition's playlist lists it. Without `uri` it is unfinished. `duration` is in seconds."""

    msn: int
    disc: int
    at: datetime
    duration: float
    uri: str
    init: str
    parts: tuple[PartEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveEdge:
    """What stands behind the last whole segment: `unfinished` with its `count` parts, and the URI of the next one.

    `others` are the names of the other renditions.
    """

    msn: int
    count: int
    unfinished: SegmentEntry | None
    hint: str
    others: tuple[str, ...]


def entry(line: SegmentLine, rendition: str, parts: Mapping[str, Sequence[PartInfo]] | None = None) -> SegmentEntry:
    """The segment in this rendition, or in the next smaller one where the run did not have it."""
    source, prefix = _source(rendition, line.files)
    return SegmentEntry(
        msn=line.msn,
        disc=line.disc,
        at=line.at,
        duration=line.files[source].duration,
        uri=prefix + segment_name(line.msn),
        init=prefix + init_name(line.run),
        parts=_parts(prefix, line.msn, (parts or {}).get(source, ())),
    )


def edge(segment: UnfinishedSegment, rendition: str, others: Sequence[str], *, more: bool) -> LiveEdge:
    """The live edge in this rendition. `more`: another part will come, whose name can be hinted at already."""
    source, prefix = _source(rendition, segment.parts)
    count = segment.count
    unfinished = SegmentEntry(
        msn=segment.msn,
        disc=segment.disc,
        at=segment.at,
        duration=0,
        uri="",
        init=prefix + init_name(segment.run),
        parts=_parts(prefix, segment.msn, segment.parts[source][:count]),
    )
    hint = prefix + part_name(segment.msn, count) if more else ""
    return LiveEdge(segment.msn, count, unfinished if count else None, hint, tuple(others))


def _source(rendition: str, have: Mapping[str, object]) -> tuple[str, str]:
    source = source_of(rendition, tuple(have))
    return source, "" if source == rendition else f"../{source}/"


def _parts(prefix: str, msn: int, facts: Sequence[PartInfo]) -> tuple[PartEntry, ...]:
    return tuple(
        PartEntry(prefix + part_name(msn, number), fact.duration, fact.independent)
        for number, fact in enumerate(facts)
    )


def media(entries: Sequence[SegmentEntry], *, ended: bool) -> str:
    """A media playlist of whole segments, oldest first; at least one."""
    befores = (None, *entries[:-1])
    body = "".join(segment_tags(item, before) for item, before in zip(entries, befores, strict=True))
    return header(entries[0], target_duration(entries)) + body + ("#EXT-X-ENDLIST\n" if ended else "")


def target_duration(entries: Iterable[SegmentEntry]) -> int:
    return max(SEGMENT_SECONDS, *(round(item.duration) for item in entries))


def header(first: SegmentEntry, target: int, *, server_control: Sequence[str] = (), skipped: int = 0) -> str:
    """The tags before the segments. With `skipped`, those of a delta update that leaves out so many of them."""
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION_OF_DELTAS if skipped else VERSION}",
        f"#EXT-X-TARGETDURATION:{target}",
        *server_control,
        f"#EXT-X-MEDIA-SEQUENCE:{first.msn}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{first.disc}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        *([f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}"] if skipped else []),
    ]
    return _text(lines)


def segment_tags(item: SegmentEntry, before: SegmentEntry | None) -> str:
    """A segment's lines, with the tags that change at it. `before` is its predecessor, None at the start."""
    lines = []
    new_run = before is not None and item.disc != before.disc
    if new_run:
        lines.append("#EXT-X-DISCONTINUITY")
    if before is None or new_run or item.init != before.init:
        lines.append(f'#EXT-X-MAP:URI="{item.init}"')
    lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{_iso(item.at)}")
    lines += map(_part, item.parts)
    if item.uri:
        lines += [f"#EXTINF:{item.duration:.5f},", item.uri]
    return _text(lines)


def server_control(part_target: float, target: int) -> list[str]:
    """What a player may ask this server for, and how far behind it must stay (EXT-X-SERVER-CONTROL). In seconds."""
    # No part may be longer than the target: it is announced a millisecond above the longest.
    part_target = math.ceil(part_target * 1000 + 1 - 1e-6) / 1000
    return [
        (
            f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={skip_until(target):.1f},"
            f"PART-HOLD-BACK={_PARTS_BEHIND * part_target:.3f},HOLD-BACK={_SEGMENTS_BEHIND * target:.1f}"
        ),
        f"#EXT-X-PART-INF:PART-TARGET={part_target:.3f}",
    ]


def skip_until(target: int) -> float:
    """Seconds from the end that a delta update always lists: the least that RFC 8216bis allows."""
    return 6.0 * target


def _part(item: PartEntry) -> str:
    independent = ",INDEPENDENT=YES" if item.independent else ""
    return f'#EXT-X-PART:DURATION={item.duration:.5f},URI="{item.uri}"{independent}'


def edge_tags(edge: LiveEdge, last: SegmentEntry) -> str:
    """The hint at the next part, and the other renditions' reports: they are as far as this one."""
    hint = [f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{edge.hint}"'] if edge.hint else []
    if edge.count:
        at = f"LAST-MSN={edge.msn},LAST-PART={edge.count - 1}"
    else:
        at = f"LAST-MSN={last.msn}" + (f",LAST-PART={len(last.parts) - 1}" if last.parts else "")
    return _text([*hint, *(f'#EXT-X-RENDITION-REPORT:URI="../{name}/{PLAYLIST}",{at}' for name in edge.others)])


def multivariant(variants: Sequence[Variant]) -> str:
    """The playlist that a player opens first; TOKEN_PLACE stands where nginx puts the viewer's token.

    The smallest rendition comes first: players begin with it, and only then know what their line carries. One that
    begins with more than that shows nothing for seconds, while going up takes one segment.
    """
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for item in sorted(variants, key=lambda item: item.bandwidth):
        lines += [
            (
                f"#EXT-X-STREAM-INF:BANDWIDTH={item.bandwidth},AVERAGE-BANDWIDTH={item.average},"
                f'CODECS="{item.codecs}",RESOLUTION={item.width}x{item.height},FRAME-RATE={item.fps:.3f}'
            ),
            variant_uri(item.name),
        ]
    return _text(lines)


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

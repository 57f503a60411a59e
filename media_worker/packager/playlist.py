"""Playlists as text. Pure: facts in, lines out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from media_worker.ladder import SEGMENT_SECONDS
from media_worker.layout import init_name, segment_name, variant_uri
from media_worker.packager.journal import SegmentLine, Variant, source_of

# 7: fMP4 segments, EXT-X-MAP outside I-frame playlists.
VERSION = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """A segment as one rendition's playlist names it."""

    msn: int
    disc: int
    at: datetime
    duration: float
    uri: str
    init: str


def entry(line: SegmentLine, rendition: str) -> Entry:
    """The segment in this rendition, or in the nearest one that the run had."""
    source = source_of(rendition, tuple(line.pieces))
    prefix = "" if source == rendition else f"../{source}/"
    return Entry(
        msn=line.msn,
        disc=line.disc,
        at=line.at,
        duration=line.pieces[source].duration,
        uri=prefix + segment_name(line.msn),
        init=prefix + init_name(line.run),
    )


def media(entries: Sequence[Entry], *, ended: bool) -> str:
    """A media playlist over consecutive segments, oldest first; at least one."""
    longest = max(round(item.duration) for item in entries)
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{max(SEGMENT_SECONDS, longest)}",
        f"#EXT-X-MEDIA-SEQUENCE:{entries[0].msn}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{entries[0].disc}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    disc, init = entries[0].disc, ""
    for item in entries:
        if item.disc != disc:
            lines.append("#EXT-X-DISCONTINUITY")
        if item.init != init or item.disc != disc:
            lines.append(f'#EXT-X-MAP:URI="{item.init}"')
        disc, init = item.disc, item.init
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{_iso(item.at)}", f"#EXTINF:{item.duration:.5f},", item.uri]
    if ended:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


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

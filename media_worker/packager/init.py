"""What an initialisation segment says: tracks, their clocks and their codec strings."""

from dataclasses import dataclass

from media_worker.packager import sps
from media_worker.packager.boxes import BoxError, child, children, u8, u16, u32

_SAMPLE_ENTRY = 8  # six reserved bytes and the data reference
_VISUAL = 70  # fields of a visual sample entry before its boxes
_AUDIO = 20
_AAC = 0x40
_DESCRIPTORS = {0x03: 3, 0x04: 13}  # ES and decoder config: bytes before the descriptors they hold


@dataclass(frozen=True, slots=True)
class Track:
    """`defaults` are (duration, size, flags) of a sample that says nothing itself."""

    id: int
    kind: str
    timescale: int
    codec: str
    width: int = 0
    height: int = 0
    default_duration: int = 0
    default_flags: int = 0
    # None where the codec does not say.
    interlaced: bool | None = None


@dataclass(frozen=True, slots=True)
class Init:
    tracks: tuple[Track, ...]

    @property
    def video(self) -> Track:
        for track in self.tracks:
            if track.kind == "vide":
                return track
        raise BoxError("no video track")

    @property
    def codecs(self) -> str:
        return ",".join(track.codec for track in self.tracks)

    def track(self, track_id: int) -> Track:
        for track in self.tracks:
            if track.id == track_id:
                return track
        raise BoxError(f"no track {track_id}")


def parse(moov: memoryview) -> Init:
    """Reads the body of a moov box."""
    defaults = _defaults(moov)
    tracks = [_track(body, defaults) for kind, body in children(moov) if kind == "trak"]
    return Init(tuple(sorted(tracks, key=lambda track: track.kind != "vide")))


def _defaults(moov: memoryview) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for kind, body in children(child(moov, "mvex")):
        if kind == "trex":
            found[u32(body, 4)] = (u32(body, 12), u32(body, 20))
    return found


def _track(trak: memoryview, defaults: dict[int, tuple[int, int]]) -> Track:
    header = child(trak, "tkhd")
    track_id = u32(header, 20 if u8(header, 0) else 12)
    media = child(trak, "mdia")
    clock = child(media, "mdhd")
    timescale = u32(clock, 20 if u8(clock, 0) else 12)
    if timescale == 0:
        raise BoxError("a track without a clock")
    kind = bytes(child(media, "hdlr")[8:12]).decode("latin-1")
    codec, width, height, interlaced = _sample_entry(child(media, "minf", "stbl", "stsd"))
    duration, flags = defaults.get(track_id, (0, 0))
    return Track(track_id, kind, timescale, codec, width, height, duration, flags, interlaced)


def _sample_entry(stsd: memoryview) -> tuple[str, int, int, bool | None]:
    for kind, entry in children(stsd[8:]):
        if kind == "avc1":
            config = child(entry[_SAMPLE_ENTRY + _VISUAL :], "avcC")
            codec = f"avc1.{u8(config, 1):02x}{u8(config, 2):02x}{u8(config, 3):02x}"
            return codec, u16(entry, 24), u16(entry, 26), sps.interlaced(bytes(config))
        if kind == "mp4a":
            return _aac(child(entry[_SAMPLE_ENTRY + _AUDIO :], "esds")), 0, 0, None
        return kind, 0, 0, None
    raise BoxError("a track without a codec")


def _aac(esds: memoryview) -> str:
    """mp4a.<object type>.<audio object type>, dug out of MPEG-4 descriptors."""
    at = 4
    object_type = 0
    while at < len(esds):
        tag = u8(esds, at)
        at, size = _descriptor(esds, at + 1)
        if tag == 0x04:
            object_type = u8(esds, at)
        if tag == 0x05:
            kind = u8(esds, at) >> 3
            return f"mp4a.{object_type:02x}.{kind}"
        at += _DESCRIPTORS.get(tag, size)
    return f"mp4a.{object_type or _AAC:02x}.2"


def _descriptor(esds: memoryview, at: int) -> tuple[int, int]:
    """Where a descriptor's body begins, and its length: seven bits a byte, at most four bytes."""
    size = 0
    for _ in range(4):
        byte = u8(esds, at)
        at += 1
        size = size << 7 | byte & 0x7F
        if not byte & 0x80:
            return at, size
    raise BoxError("a descriptor without an end")

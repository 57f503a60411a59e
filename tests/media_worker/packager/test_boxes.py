"""The parser reads what ffmpeg writes, in any portions, and refuses everything else with one error."""

import random
import time

import pytest

from media_worker.packager.boxes import BoxError, BoxReader
from media_worker.packager.fragments import Fragment, FragmentReader, InitSegment
from tests.media_worker import mp4

_GOOD = mp4.init(audio=True) + b"".join(mp4.stream([30, 60])) + mp4.sound()


def _kinds(data: bytes, portion: int) -> list[str]:
    reader = BoxReader()
    return [box.kind for at in range(0, len(data), portion) for box in reader.feed(data[at : at + portion])]


@pytest.mark.parametrize("portion", [1, 7, 8, 4096, 10**6])
def test_boxes_come_whole_in_any_portions(portion: int) -> None:
    assert _kinds(_GOOD, portion) == ["ftyp", "moov", *["moof", "mdat"] * 16]


def test_large_size_box_is_read() -> None:
    data = b"\x00\x00\x00\x01free" + (20).to_bytes(8) + b"rest"

    (box,) = BoxReader().feed(data)

    assert (box.kind, bytes(box.body)) == ("free", b"rest")


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x07moof",
        b"\x00\x00\x00\x00mdat",
        b"\x00\x00\x00\x10\x00\x01\x02\x03",
        b"\x7f\xff\xff\xffmdat",
        b"\x00\x00\x00\x01mdat" + (2**62).to_bytes(8),
        b"\x00\x00\x00\x01mdat" + (9).to_bytes(8),
    ],
)
def test_what_cannot_be_a_box_is_refused(data: bytes) -> None:
    with pytest.raises(BoxError):
        list(BoxReader().feed(data))


def test_memory_stays_below_the_limit() -> None:
    reader = BoxReader(max_bytes=1000)

    with pytest.raises(BoxError):
        list(reader.feed(mp4.box("mdat", bytes(993))))
    assert list(BoxReader(max_bytes=1000).feed(mp4.box("mdat", bytes(992))))


def test_init_tells_codecs_and_size() -> None:
    (item,) = FragmentReader().feed(mp4.init(audio=True, width=854, height=480))

    assert isinstance(item, InitSegment)
    assert item.info.codecs == "avc1.64001f,mp4a.40.2"
    assert (item.info.video.width, item.info.video.height) == (854, 480)


def test_fragment_tells_time_frames_and_independence() -> None:
    first, second = mp4.read(mp4.fragment(300, 6, key=True), mp4.fragment(306, 5, key=False))

    assert (first.start, first.duration) == (mp4.seconds(300), mp4.seconds(6))
    assert (first.frames, first.independent) == (6, True)
    assert (second.start, second.end, second.independent) == (mp4.seconds(306), mp4.seconds(311), False)


def test_fragment_of_sound_alone_has_no_frames() -> None:
    (item,) = mp4.read(mp4.sound(), audio=True)

    assert (item.frames, item.duration, item.independent) == (0, mp4.seconds(0), False)


@pytest.mark.parametrize(
    "data",
    [
        mp4.fragment(0, 6, key=True),
        mp4.init() + mp4.box("mdat", b""),
        mp4.init() + mp4.fragment(0, 6, key=True)[:-15] * 2,
        mp4.init() + mp4.box("what", b""),
        mp4.box("moov", b""),
        mp4.init() + mp4.sound(),
        mp4.init() + mp4.box("moof", mp4.box("traf", b"")) + mp4.box("mdat", b""),
    ],
    ids=["no moov", "mdat alone", "moof twice", "unknown box", "empty moov", "unknown track", "empty traf"],
)
def test_what_is_no_fragment_is_refused(data: bytes) -> None:
    with pytest.raises(BoxError):
        list(FragmentReader().feed(data))


def test_damaged_bytes_raise_nothing_but_box_errors() -> None:
    """A fixed number of seeded damages: flipped, cut out, doubled, inserted bytes."""
    dice = random.Random(20)
    began = time.monotonic()
    for _ in range(4000):
        data = bytearray(_GOOD[: dice.randrange(40, len(_GOOD))])
        for _ in range(dice.randrange(1, 6)):
            _damage(data, dice)
        reader = FragmentReader()
        try:
            for at in range(0, len(data), 257):
                for item in reader.feed(bytes(data[at : at + 257])):
                    assert not isinstance(item, Fragment) or item.frames >= 0
        except BoxError:
            continue
    assert time.monotonic() - began < 60


def _damage(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    match dice.randrange(4):
        case 0:
            data[at] = dice.randrange(256)
        case 1:
            del data[at : at + dice.randrange(1, 20)]
            data += b"\0" * 20
        case 2:
            data[at:at] = data[at : at + 16]
        case _:
            data[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1", b"\0\0\0\x08"])

"""What H.264's sequence parameter set says about a picture (ISO/IEC 14496-10, 7.3.2.1.1)."""

from media_worker.packager.boxes import BoxError

_PROFILES = {
    0x42: "Baseline",
    0x4D: "Main",
    0x58: "Extended",
    0x64: "High",
    0x6E: "High 10",
    0x7A: "High 4:2:2",
    0xF4: "High 4:4:4",
}
# These say more about their chroma before what interests here.
_WITH_CHROMA = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_PLANES = 3
_LONGEST_ZEROS = 32


def profile(codec: str) -> str:
    """`avc1.64001f` as `High 3.1`; "" for what is not H.264."""
    kind, _, digits = codec.partition(".")
    if kind != "avc1" or len(digits) != 6:
        return ""
    name = _PROFILES.get(int(digits[:2], 16), f"profile {int(digits[:2], 16)}")
    level = int(digits[4:], 16)
    return f"{name} {level // 10}.{level % 10}"


def interlaced(config: bytes) -> bool | None:
    """Whether the body of an avcC box says that frames may be two fields. None where it cannot be read."""
    try:
        length = int.from_bytes(config[6:8])
        if config[5] & 0x1F == 0 or length == 0:
            return None
        return not _only_frames(Bits(_unescaped(config[8 : 8 + length])))
    except (BoxError, IndexError):
        return None


class Bits:
    """Bits from the first on, and numbers coded as their logarithm and the rest (Exp-Golomb)."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data)
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise BoxError("a parameter set ends too soon")
        self._left -= count
        return self._number >> self._left & ((1 << count) - 1)

    def golomb(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _LONGEST_ZEROS:
                raise BoxError("a number without an end")
        return (1 << zeros) - 1 + self.take(zeros)


def _unescaped(data: bytes) -> bytes:
    return data.replace(b"\x00\x00\x03", b"\x00\x00")


def size(unit: bytes) -> tuple[int, int]:
    """Width and height that a sequence parameter set, with its unit's header, says. Raises BoxError."""
    bits = Bits(_unescaped(unit))
    chroma, separate = _skip_to_size(bits)
    width, height = bits.golomb() + 1, bits.golomb() + 1
    frames_only = bits.take(1)
    if not frames_only:
        bits.take(1)
    bits.take(1)
    width, height = width * 16, height * 16 * (2 - frames_only)
    if bits.take(1):
        left, right, top, bottom = (bits.golomb() for _ in range(4))
        halved = chroma in {1, 2} and not separate
        width -= (left + right) * (2 if halved else 1)
        height -= (top + bottom) * (2 if chroma == 1 and not separate else 1) * (2 - frames_only)
    return max(0, width), max(0, height)


def _only_frames(bits: Bits) -> bool:
    _skip_to_size(bits)
    bits.golomb()  # width
    bits.golomb()  # height
    return bool(bits.take(1))


def _skip_to_size(bits: Bits) -> tuple[int, bool]:
    """What the chroma is (1: halved both ways), and whether its planes are coded for themselves."""
    bits.take(8)  # the unit's header
    kind = bits.take(8)
    bits.take(16)  # constraints and level
    bits.golomb()
    chroma = _skip_chroma(bits) if kind in _WITH_CHROMA else (1, False)
    bits.golomb()  # length of frame numbers
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.take(1)
        bits.golomb()
        bits.golomb()
        for _ in range(min(bits.golomb(), 255)):
            bits.golomb()
    bits.golomb()  # reference frames
    bits.take(1)
    return chroma


def _skip_chroma(bits: Bits) -> tuple[int, bool]:
    chroma = bits.golomb()
    separate = bool(bits.take(1)) if chroma == _PLANES else False
    bits.golomb()
    bits.golomb()
    bits.take(1)
    if bits.take(1):
        for index in range(12 if chroma == _PLANES else 8):
            if bits.take(1):
                _skip_scaling(bits, 16 if index < 6 else 64)
    return chroma, separate


def _skip_scaling(bits: Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            code = bits.golomb()
            following = (last + (code + 1) // 2 * (1 if code % 2 else -1)) % 256
        last = following or last

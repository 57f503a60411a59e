"""Emoji in a text: how many there are, and whether there is anything else."""

import re
import unicodedata

_ZWJ = "\u200d"
_SKINS = range(0x1F3FB, 0x1F400)
_PICTURES = (range(0x1F000, 0x1FB00), range(0x2600, 0x27C0), range(0x2B00, 0x2C00))
_REGIONAL = range(0x1F1E6, 0x1F200)
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_ARROWS_AND_SQUARES = frozenset("\u2194\u25fd\u25fe\u203c\u2049\u3030\u303d")
_JOINTS = frozenset("\u200d\ufe0f")
_TAGS = range(0xE0020, 0xE0080)


def count(text: str) -> int:
    """How many pictures a reader sees: a joined family is one, a flag is one, a skin colour is none."""
    halves = 0
    previous = ""
    for character in text:
        point = ord(character)
        if previous != _ZWJ and point not in _SKINS and any(point in pictures for pictures in _PICTURES):
            halves += 1 if point in _REGIONAL else 2
        previous = character
    return -(-halves // 2)


def is_all(text: str) -> bool:
    """True for a text of nothing but emoji and blanks."""
    return all(_belongs(character) for character in _KEYCAP.sub("", text))


def _belongs(character: str) -> bool:
    if character.isspace() or character in _JOINTS or character in _ARROWS_AND_SQUARES:
        return True
    return ord(character) in _SKINS or ord(character) in _TAGS or unicodedata.category(character) == "So"

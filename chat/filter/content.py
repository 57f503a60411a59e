"""What a message is made of: whether it holds a link, and whether it is emoji alone."""

import re
import unicodedata

# With a scheme, `www.`, a path behind a name, or one of the endings that people write without either.
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://\S|\bwww\.\S|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S"
    r"|\b[\w-]+\.(?:com|net|org|info|biz|io|me|gg|ly|co|app|dev|shop|site|online|xyz|top|club|live|tv|ru|cn|de|fr|uk|eu)\b",
    re.IGNORECASE,
)
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_ARROWS_AND_SQUARES = frozenset("\u2194\u25fd\u25fe\u203c\u2049\u3030\u303d")
_JOINTS = frozenset("\u200d\ufe0f")
_SKIN = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)


def has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def is_emoji(text: str) -> bool:
    """Nothing but emoji and space."""
    return all(_belongs(character) for character in _KEYCAP.sub("", text))


def _belongs(character: str) -> bool:
    if character.isspace() or character in _JOINTS or character in _ARROWS_AND_SQUARES:
        return True
    return ord(character) in _SKIN or ord(character) in _TAGS or unicodedata.category(character) == "So"

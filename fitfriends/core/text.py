"""Cleans what people type: nothing invisible, nothing that paints over its neighbours or that a database refuses."""

import re
import unicodedata
from collections.abc import Iterator

from fitfriends.core import errors

MARKS_A_BASE = 4  # pointed Hebrew needs four; towers of marks paint over the neighbours
JOINERS = frozenset("\u200c\u200d")  # Persian and Indic words, and joined emoji, need them

_BLACK_FLAG = "\U0001f3f4"  # the one base of tag characters: the flags of England, Scotland and Wales
_TAGS = range(0xE0020, 0xE0080)
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def visible(text: str) -> str:
    """The text without control, bidi and invisible characters, with at most MARKS_A_BASE marks on a base, in NFC.

    Every line break becomes a line feed, every tab a blank. Linear in its input. Never escapes: `<b>` stays `<b>`,
    because text is shown as text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    # The marks are thinned before normalising: reordering thousands of marks takes quadratic time.
    return unicodedata.normalize("NFC", "".join(_thinned(lines)))


def clean_text(text: str, limit: int) -> str:
    """Several lines, at most `limit` characters, as `visible` leaves them and without superfluous blanks."""
    kept = "".join(filter(_is_assigned, visible(text)))
    tidy = "\n".join(_BLANKS.sub(" ", line).strip() for line in kept.split("\n"))
    return _EMPTY_LINES.sub("\n\n", tidy).strip()[:limit].rstrip()


def clean_line(text: str, limit: int) -> str:
    """One line, at most `limit` characters, cleaned as clean_text does."""
    return clean_text(" ".join(text.split()), limit).replace("\n", " ")


def required_line(text: str, limit: int, *, field: str) -> str:
    """As clean_line; raises Invalid with the field's name when nothing readable is left."""
    line = clean_line(text, limit)
    if not line.replace("\u200c", "").replace("\u200d", ""):
        raise errors.Invalid(fields={field: ["Please write something here."]})
    return line


def _is_assigned(character: str) -> bool:
    """False for what no font shows: private use, and what Unicode has not assigned."""
    return unicodedata.category(character) not in ("Co", "Cn")


def _thinned(text: str) -> Iterator[str]:
    marks = 0
    previous = ""
    flag = False  # inside a flag that is spelt with tags
    for character in text:
        category = unicodedata.category(character)
        flag = character == _BLACK_FLAG or (flag and ord(character) in _TAGS)
        if category.startswith("M"):
            marks += 1
            if marks > MARKS_A_BASE:
                continue
        elif character in JOINERS:
            # One between two visible characters has a meaning; a flood of them hides things.
            if not previous or previous in JOINERS or previous.isspace():
                continue
        elif category == "Cf":
            if not (flag and ord(character) in _TAGS):
                continue
        else:
            character = _plain(character, category)  # noqa: PLW2901 -- the rest of the loop wants the plain one
            if not character:
                continue
            marks = 0
        previous = character
        yield character


def _plain(character: str, category: str) -> str:
    """The character, its harmless equal, or nothing."""
    if character == "\n" or category in ("Zl", "Zp"):
        return "\n"
    if character == "\t":
        return " "
    # Controls with NUL, which PostgreSQL refuses, and lone surrogates, which no encoder takes.
    if category in ("Cc", "Cs") or _is_noncharacter(ord(character)):
        return ""
    return character


def _is_noncharacter(point: int) -> bool:
    return 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE

"""Cleans what people type: one line or several, without characters that trick a reader or a database."""

import re
import unicodedata

from fitfriends.core import errors

# More than this many marks on one letter is no language but a smear over the lines around it.
_MARKS_PER_LETTER = 4
# Joiners build emoji and several scripts; every other format character (bidi overrides, tags) only misleads.
_KEPT_FORMATS = frozenset("\u200c\u200d")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def _is_kept(character: str) -> bool:
    if character in _KEPT_FORMATS or character == "\n":
        return True
    # Cc: control, with NUL, which PostgreSQL refuses. Cs: lone surrogates, which UTF-8 refuses.
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MARKS_PER_LETTER:
            kept.append(character)
    return "".join(kept)


def clean_text(text: str, limit: int) -> str:
    """Several lines, at most `limit` characters: without control characters, bidi overrides and smears."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = _limit_marks(unicodedata.normalize("NFC", "".join(filter(_is_kept, lines))))
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

"""Shapes what somebody typed into a message or a name."""

import unicodedata

from fitfriends.core.text import JOINERS, visible

LINES = 10

_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters by category, empty to the eye


def clean(text: str) -> str:
    """What core/text.py's `visible` leaves, on LINES lines at most, never with two empty ones in a row."""
    lines = [line.rstrip() for line in visible(text).strip().split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    if len(kept) > LINES:
        kept[LINES - 1 :] = [" ".join(filter(None, kept[LINES - 1 :]))]
    return "\n".join(kept)


def clean_name(name: str) -> str:
    """A name on one line; "Somebody" when nothing of it would be seen."""
    line = " ".join(clean(name).split())
    return "Somebody" if is_blank(line) else line


def is_blank(text: str) -> bool:
    """True when nothing of it would be seen."""
    return all(_invisible(character) for character in text)


def _invisible(character: str) -> bool:
    blank = character.isspace() or character in _BLANK or character in JOINERS
    return blank or unicodedata.category(character).startswith("M")

"""Makes what somebody typed safe to show as text: nothing invisible, nothing that reaches outside its own line."""

import unicodedata
from collections.abc import Iterator

MARKS_A_BASE = 4  # pointed Hebrew needs four; towers of marks paint over the neighbours
LINES = 10

_ZWNJ, _ZWJ = "\u200c", "\u200d"  # Persian and Indic words, and joined emoji, need them
_JOINERS = frozenset((_ZWNJ, _ZWJ))
_BLACK_FLAG = "\U0001f3f4"  # the one base of tag characters: the flags of England, Scotland and Wales
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters by category, empty to the eye
_TAGS = range(0xE0020, 0xE0080)


def clean(text: str) -> str:
    """The text without control, bidi and invisible characters, with at most MARKS_A_BASE marks on a base.

    Linear in its input. Never escapes: `<b>` stays `<b>`, because text is shown as text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # The marks are thinned before normalising: reordering thousands of marks takes quadratic time.
    thinned = "".join(_thinned(text))
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", thinned).strip().split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    if len(kept) > LINES:
        kept[LINES - 1 :] = [" ".join(filter(None, kept[LINES - 1 :]))]
    return "\n".join(kept)


def clean_name(name: str) -> str:
    """A name is one line, and there is something to see in it."""
    line = " ".join(clean(name).split())
    return "Somebody" if is_blank(line) else line


def is_blank(text: str) -> bool:
    """Nothing of it would be seen."""
    return all(_invisible(character) for character in text)


def _invisible(character: str) -> bool:
    blank = character.isspace() or character in _BLANK or character in _JOINERS
    return blank or unicodedata.category(character).startswith("M")


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
        elif character in _JOINERS:
            # One between two visible characters has a meaning; a flood of them hides things.
            if not previous or previous in _JOINERS or previous.isspace():
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

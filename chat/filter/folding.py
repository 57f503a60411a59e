"""Text as the letters that a reader sees, whatever their case, accents, look-alikes, and the gaps between them.

Every character is looked at once. What it stands for is remembered per character, so most texts cost a dictionary
lookup a character.
"""

import unicodedata
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache

from confusable_homoglyphs import confusables

BREAK = "\0"  # a letter that no word has
STROKE = "1"  # what may be read as i or as l


class Kind(IntEnum):
    LETTER = 0
    MARK = 1  # belongs to the letter before it
    IGNORED = 2  # takes no room: zero-width, bidi, controls
    BLANK = 3
    SYMBOL = 4  # stands between letters, or for one
    DIGIT = 5
    REGIONAL = 6  # half a flag, or a letter when alone


@dataclass(frozen=True, slots=True)
class Sign:
    """What one character stands for. `letters` is empty where it stands for none."""

    kind: Kind
    letters: str = ""
    marked: bool = False


@dataclass(slots=True)
class Reading:
    """The letters of a text in runs of equal ones; `at` maps units (single letters) back to the text.

    Unit u is text[at[u]]; run r covers units first[r]..first[r + 1] - 1. `gap[u]`: 1 when something stands before the
    unit, 2 when a blank does. `real[u]` is False for what only stands for a letter.
    """

    letters: list[str] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    gap: list[int] = field(default_factory=list)
    real: list[bool] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)


# What is typed for a letter. Reading it is tried besides the plain reading, never instead of it.
_SYMBOLS = {"@": "a", "$": "s", "!": STROKE, "¡": STROKE, "|": STROKE, "€": "e", "£": "l", "¢": "c", "+": "t"}
_DIGITS = {"0": "o", "1": STROKE, "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g"}
_EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters by category, empty to the eye
HIDING = frozenset("*#%·•")  # between two letters they may hide a vowel: "f*ck"
VOWELS = "aeiou"
_SMALL_CAPITAL = "LATIN LETTER SMALL CAPITAL "  # TR39 compares them with Cherokee
_NEGATIVE_CIRCLED, _NEGATIVE_SQUARED, _REGIONAL = 0x1F150, 0x1F170, 0x1F1E6
_REMEMBERED_AT_MOST = 20_000

_signs: dict[str, Sign] = {}


def sign(character: str) -> Sign:
    """What the character stands for."""
    found = _signs.get(character)
    if found is None:
        found = _look(character)
        if len(_signs) < _REMEMBERED_AT_MOST:  # nobody fills the memory with rare characters
            _signs[character] = found
    return found


def stands_for_letters(text: str) -> bool:
    """Some digit or symbol touches a letter, so a second reading may find more. An exclamation's end does not."""
    signs = [sign(character).kind for character in text.rstrip("!?. ")]
    return any(
        kind in (Kind.DIGIT, Kind.SYMBOL) and Kind.LETTER in signs[max(index - 2, 0) : index + 3]
        for index, kind in enumerate(signs)
        if kind in (Kind.DIGIT, Kind.SYMBOL)
    )


def hides_vowels(text: str) -> bool:
    return any(_is_hidden(text, index) for index, character in enumerate(text) if character in HIDING)


def read(text: str, *, guess: bool, hidden: str = "") -> Reading:
    """The letters of the text; with `guess` digits and symbols are read as the letters they may stand for, and where
    one letter may be hidden, it is `hidden`.
    """
    reading = Reading()
    gap = 2
    previous = ""
    for index, character in enumerate(text):
        found = _signs.get(character) or sign(character)
        kind = found.kind
        if kind is Kind.IGNORED:
            continue
        if kind is Kind.MARK:
            if reading.marked and not gap:
                reading.marked[-1] = True
            continue
        letters = found.letters if kind is Kind.LETTER else _guessed(found, text, index, guess=guess, hidden=hidden)
        if not letters:
            gap = max(gap, 2 if kind is Kind.BLANK else 1)
            continue
        real = kind is Kind.LETTER or kind is Kind.REGIONAL
        for letter in letters:
            if letter != previous:
                reading.letters.append(letter)
                reading.first.append(len(reading.at))
                previous = letter
            reading.at.append(index)
            reading.gap.append(gap)
            reading.real.append(real)
            reading.marked.append(found.marked)
            gap = 0
    reading.first.append(len(reading.at))
    return reading


def _guessed(found: Sign, text: str, index: int, *, guess: bool, hidden: str) -> str:
    if found.kind is Kind.REGIONAL:
        return "" if _in_flag(text, index) else found.letters
    if hidden and text[index] in HIDING and _is_hidden(text, index):
        return hidden
    if guess:
        return found.letters
    return BREAK if found.kind is Kind.DIGIT else ""


def letters_of(text: str) -> str:
    """All letters and digits of a text, folded: texts that read alike are equal."""
    return "".join(
        found.letters
        for character in text
        if (found := sign(character)).kind in (Kind.LETTER, Kind.DIGIT, Kind.REGIONAL)
    )


def end_of(text: str, index: int) -> int:
    """Where the character at `index` ends, with all that takes no room after it."""
    index += 1
    while index < len(text) and sign(text[index]).kind in (Kind.MARK, Kind.IGNORED):
        index += 1
    return index


def _is_hidden(text: str, index: int) -> bool:
    neighbours = text[max(index - 1, 0) : index], text[index + 1 : index + 2]
    return all(neighbour and sign(neighbour).kind is Kind.LETTER for neighbour in neighbours)


def _in_flag(text: str, index: int) -> bool:
    around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return any(sign(neighbour).kind is Kind.REGIONAL for neighbour in around)


def _look(character: str) -> Sign:
    if character in _EMPTY_LETTERS or character.isspace():
        return Sign(Kind.BLANK)
    category = unicodedata.category(character)
    if category[0] == "M":
        return Sign(Kind.MARK)
    if category[0] == "C":
        return Sign(Kind.IGNORED)
    if character in _SYMBOLS:
        return Sign(Kind.SYMBOL, _SYMBOLS[character])
    emblem = _emblem(ord(character))
    return emblem or _decomposed(character, category)


def _emblem(point: int) -> Sign | None:
    """Letters in filled circles and squares, which Unicode does not decompose."""
    for start in (_NEGATIVE_CIRCLED, _NEGATIVE_SQUARED):
        if start <= point < start + 26:
            return Sign(Kind.LETTER, chr(ord("a") + point - start))
    if _REGIONAL <= point < _REGIONAL + 26:
        return Sign(Kind.REGIONAL, chr(ord("a") + point - _REGIONAL))
    return None


def _decomposed(character: str, category: str) -> Sign:
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    marked = any(unicodedata.category(part)[0] == "M" for part in parts)
    letters = "".join(_look_alike(part) for part in parts if part.isalpha())
    if letters and (category[0] == "L" or letters.isascii()):
        return Sign(Kind.LETTER, letters, marked)
    digits = [str(unicodedata.digit(part)) for part in parts if unicodedata.digit(part, -1) >= 0]
    if digits:
        return Sign(Kind.DIGIT, _DIGITS[digits[0]] if len(digits) == 1 else BREAK)
    return Sign(Kind.SYMBOL, look_alikes().get(character, ""))


def _look_alike(part: str) -> str:
    if part.isascii():
        return part
    name = unicodedata.name(part, "")
    if name.startswith(_SMALL_CAPITAL) and len(name) == len(_SMALL_CAPITAL) + 1:
        return name[-1].lower()
    return look_alikes().get(part, part)


@cache
def look_alikes() -> dict[str, str]:
    """Characters beyond ASCII that look like Latin letters (Unicode TR39), as lower-case letters."""
    found = {}
    for character, others in confusables.confusables_data.items():
        if len(character) > 1 or character.isascii():
            continue
        for other in others:
            bare = "".join(part for part in unicodedata.normalize("NFKD", other["c"]) if part.isalpha())
            if bare and bare.isascii():
                found[character] = bare.casefold()
                break
    return found

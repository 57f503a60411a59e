"""How something is said: in capitals, with a heap of emoji or names, or once more."""

from collections.abc import Iterable

from chat.filter import folding

SHOUT_LETTERS = 20  # "GO GO GO BEN!" is a cheer
SHOUT_SHARE = 0.7
REPEAT_LETTERS = 8  # "Go!" and "Done" may be said every few seconds

_ZWJ = "\u200d"
_SKINS = range(0x1F3FB, 0x1F400)
_PICTURES = (range(0x1F000, 0x1FB00), range(0x2600, 0x27C0), range(0x2B00, 0x2C00))
_REGIONAL = range(0x1F1E6, 0x1F200)


def is_shouted(text: str) -> bool:
    """Mostly capitals, and long enough for a sentence. Scripts without capitals never shout."""
    cased = [character for character in text if character.isupper() or character.islower()]
    capitals = sum(character.isupper() for character in cased)
    return len(cased) >= SHOUT_LETTERS and capitals >= SHOUT_SHARE * len(cased)


def emoji(text: str) -> int:
    """How many pictures a reader sees: a joined family is one, a flag is one, a skin colour is none."""
    halves = 0
    previous = ""
    for character in text:
        point = ord(character)
        if previous != _ZWJ and point not in _SKINS and any(point in pictures for pictures in _PICTURES):
            halves += 1 if point in _REGIONAL else 2
        previous = character
    return -(-halves // 2)


def mentions(text: str) -> int:
    """How many people are called: an @ before a letter, not within a word."""
    return sum(
        character == "@" and following.isalnum() and not before.isalnum()
        for before, character, following in zip(" " + text, text, text[1:] + " ", strict=False)
    )


def is_repeated(text: str, recent: Iterable[str]) -> bool:
    """Whether one of the recent texts reads the same; accents, case, signs and gaps do not make it new."""
    letters = folding.letters_of(text)
    return len(letters) >= REPEAT_LETTERS and any(folding.letters_of(earlier) == letters for earlier in recent)

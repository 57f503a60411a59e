"""How something is said: in capitals, with many names, or once more."""

from collections.abc import Iterable

from chat.filter import folding

SHOUT_LETTERS = 20  # "GO GO GO BEN!" is a cheer
SHOUT_SHARE = 0.7
REPEAT_LETTERS = 8  # "Go!" and "Done" may be said every few seconds


def is_shouted(text: str) -> bool:
    """Mostly capitals, and long enough for a sentence. Scripts without capitals never shout."""
    cased = [character for character in text if character.isupper() or character.islower()]
    capitals = sum(character.isupper() for character in cased)
    return len(cased) >= SHOUT_LETTERS and capitals >= SHOUT_SHARE * len(cased)


def mentions(text: str) -> int:
    """How many people are mentioned: an @ before a letter, not within a word."""
    return sum(
        character == "@" and following.isalnum() and not before.isalnum()
        for before, character, following in zip(" " + text, text, text[1:] + " ", strict=False)
    )


def is_repeated(text: str, recent: Iterable[str]) -> bool:
    """Whether one of the recent texts reads the same; accents, case, signs and gaps do not make it new."""
    letters = folding.letters_of(text)
    return len(letters) >= REPEAT_LETTERS and any(folding.letters_of(earlier) == letters for earlier in recent)

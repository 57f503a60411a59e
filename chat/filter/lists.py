"""The word lists that every club starts from: modest on purpose, a word with a harmless sense is rather left out.

A club of one language reads the others' words too, so that a word of one list must be clean nowhere else.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from chat.filter import folding
from chat.filter.entries import Entry, parse
from chat.filter.matching import ALLOWED, Matcher

LANGUAGES = ("en", "es", "fr", "de", "pt", "it")
GROUPS = ("insult", "slur", "sexual")
_FOLDER = Path(__file__).parent / "words"


def entries(name: str) -> Iterator[Entry]:
    """The entries of one file in words/: groups in brackets, comments after #."""
    group = ""
    for line in (_FOLDER / f"{name}.txt").read_text().splitlines():
        if line.startswith("["):
            group = line.strip("[]")
        elif line and not line.startswith("#"):
            yield parse(line, group)


@lru_cache(maxsize=64)  # every choice of languages there is
def of_languages(languages: frozenset[str]) -> Matcher:
    """The lists of these languages together, compiled once a process."""
    folding.look_alikes()  # a tenth of a second that no message should wait for in the middle of a class
    return Matcher([entry for name in ("allowed", *sorted(languages)) for entry in entries(name)])


def of_club(words: Iterable[str], allowed: Iterable[str]) -> Matcher:
    """A club's own words, in the group "words". Raises BadEntry."""
    own = [parse(word, "words") for word in words]
    return Matcher([*own, *(parse(word, ALLOWED) for word in allowed)])

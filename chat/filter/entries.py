"""One entry of a word list: what it says, and whether it may be a part of a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from chat.filter import folding

MAX_LETTERS = 40
_LONG = 4  # letters; shorter words are taken more literally

type Run = tuple[str, int, bool]  # a letter, how often at least, whether it carries an accent


class BadEntry(ValueError):
    """Words for whoever wrote the entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`open_left` and `open_right`: other letters may touch it there. `exact`: accents matter."""

    group: str
    runs: tuple[Run, ...]
    words: int
    open_left: bool
    open_right: bool
    exact: bool

    @property
    def long(self) -> bool:
        return sum(count for _, count, _ in self.runs) >= _LONG


def parse(line: str, group: str) -> Entry:
    """`word` is a whole word or phrase, `word*` a beginning, `*word` an end, `*word*` any part, `=wörd` with accents.

    Never a pattern language: a star counts at the ends alone. Raises BadEntry.
    """
    line = line.strip()
    exact = line.startswith("=")
    body = line.removeprefix("=")
    open_left, open_right = body.startswith("*"), body.endswith("*")
    body = body.removeprefix("*").removesuffix("*").strip()
    if "*" in body:
        raise BadEntry(f"“{line}”: a star counts only at the beginning and the end.")
    reading = folding.read(body, guess=False)
    if folding.BREAK in reading.letters:
        reading = folding.read(body, guess=True)
    if len(reading.letters) < 2 or folding.BREAK in reading.letters or not any(reading.real):
        raise BadEntry(f"“{line}” needs at least two different letters.")
    if len(reading.at) > MAX_LETTERS:
        raise BadEntry(f"“{line[:20]}…”: {MAX_LETTERS} letters at most.")
    words = sum(1 for gap in reading.gap if gap == 2)
    return Entry(group, tuple(_runs_of(reading)), words, open_left, open_right, exact)


def _runs_of(reading: folding.Reading) -> Iterator[Run]:
    for number, letter in enumerate(reading.letters):
        first, after = reading.first[number], reading.first[number + 1]
        yield letter, after - first, any(reading.marked[first:after])


def variants(entry: Entry) -> list[Entry]:
    """The entry, and how it looks with the strokes that stand for i and l, or one for the other."""
    swaps = [{"i": folding.STROKE}, {"l": folding.STROKE}, {"i": folding.STROKE, "l": folding.STROKE}]
    if entry.long:
        swaps += [{"i": "l"}, {"l": "i"}]
    found = {entry.runs: entry}
    for swap in swaps:
        runs = tuple(_swapped(entry.runs, swap))
        if len(runs) > 1:
            varied = Entry(entry.group, runs, entry.words, entry.open_left, entry.open_right, entry.exact)
            found.setdefault(runs, varied)
    return list(found.values())


def _swapped(runs: tuple[Run, ...], swap: dict[str, str]) -> Iterator[Run]:
    changed = ((swap.get(letter, letter), count, marked) for letter, count, marked in runs)
    for letter, same in groupby(changed, key=lambda run: run[0]):
        together = list(same)
        yield letter, sum(count for _, count, _ in together), any(marked for _, _, marked in together)

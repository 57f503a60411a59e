"""Where in a text the words of some lists are, as positions of the text as it was written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from chat.filter import folding
from chat.filter.automaton import Automaton
from chat.filter.entries import Entry, variants
from chat.filter.folding import Reading

ALLOWED = "allowed"  # the group of words that are no find, and that no find may lie within
_VOWELS = frozenset("aeiouy1")  # one of them alone may be a word


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """text[start:end] is a word of `group`."""

    start: int
    end: int
    group: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Answers about stretches of a reading, each in constant time. Lists are by unit; sums have a leading zero."""

    reading: Reading
    starts: list[int]  # the first unit of the piece that this unit is in
    ends: list[int]  # and its last
    edge_before: list[bool]
    edge_after: list[bool]
    gaps: list[int]
    blanks: list[int]
    singles: list[int]  # pieces of one letter
    consonants: list[int]  # of them consonants
    reals: list[int]


class Matcher:
    """Compiled lists. Building costs milliseconds, so it is kept; it never changes."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        all_of_them = {varied: None for entry in entries for varied in variants(entry)}
        self._automaton = Automaton([([letter for letter, _, _ in entry.runs], entry) for entry in all_of_them])

    def candidates(self, reading: Reading) -> Iterator[tuple[int, Entry]]:
        """The last run of each entry whose letters are there, in whatever length and distance."""
        for run, found in self._automaton.walk(reading.letters):
            for entry in found:
                yield run, entry


def search(text: str, matchers: Sequence[Matcher]) -> list[Hit]:
    """Every find of every matcher but those within an allowed word of any, in the order of the text."""
    hits: set[Hit] = set()
    allowed: set[Hit] = set()
    for reading in _readings(text):
        candidates = [found for matcher in matchers for found in matcher.candidates(reading)]
        if all(entry.group == ALLOWED for _, entry in candidates):
            continue  # most texts end here
        layout = _lay_out(reading)
        for run, entry in candidates:
            stretch = _stretch(layout, entry, run)
            if stretch:
                hit = Hit(reading.at[stretch[0]], folding.end_of(text, reading.at[stretch[1]]), entry.group)
                (allowed if entry.group == ALLOWED else hits).add(hit)
    return sorted(_outside(hits, allowed, len(text))) if allowed else sorted(hits)


def _readings(text: str) -> Iterator[Reading]:
    """As it is written, as it may be meant, and with each vowel where one is hidden: seven at most."""
    yield folding.read(text, guess=False)
    if folding.stands_for_letters(text):
        yield folding.read(text, guess=True)
    if folding.hides_vowels(text):
        for vowel in folding.VOWELS:
            yield folding.read(text, guess=True, hidden=vowel)


def _outside(hits: set[Hit], allowed: set[Hit], length: int) -> Iterable[Hit]:
    reach = [0] * (length + 1)  # how far allowed words reach that start here or before
    for hit in allowed:
        reach[hit.start] = max(reach[hit.start], hit.end)
    reach = list(accumulate(reach, max))
    return (hit for hit in hits if hit.end > reach[hit.start])


def _lay_out(reading: Reading) -> _Layout:
    gap, real = reading.gap, reading.real
    count = len(gap)
    starts, ends = list(range(count)), list(range(count))
    before, after = [True] * count, [True] * count
    for unit in range(1, count):
        if not gap[unit]:
            starts[unit] = starts[unit - 1]
            before[unit] = not real[unit - 1] and before[unit - 1]
    for unit in range(count - 2, -1, -1):
        if not gap[unit + 1]:
            ends[unit] = ends[unit + 1]
            # Digits beside a word are its edge, unless they go on as letters: "tit4n" is a titan.
            after[unit] = not real[unit + 1] and after[unit + 1]
    single = [starts[unit] == ends[unit] for unit in range(count)]
    letter_of = [letter for run, letter in enumerate(reading.letters) for _ in _units(reading, run)]
    return _Layout(
        reading,
        starts,
        ends,
        before,
        after,
        gaps=_sums(bool(value) for value in gap),
        blanks=_sums(value == 2 for value in gap),
        singles=_sums(single),
        consonants=_sums(alone and letter_of[unit] not in _VOWELS for unit, alone in enumerate(single)),
        reals=_sums(real),
    )


def _sums(values: Iterable[bool]) -> list[int]:
    return list(accumulate(values, initial=0))


def _units(reading: Reading, run: int) -> range:
    return range(reading.first[run], reading.first[run + 1])


def _stretch(layout: _Layout, entry: Entry, last_run: int) -> tuple[int, int] | None:
    """First and last unit of the entry whose letters end in this run, or None when it only looked like it."""
    reading = layout.reading
    first_run = last_run - len(entry.runs) + 1
    head, tail = _units(reading, first_run), _units(reading, last_run)
    least, most = entry.runs[0][1], entry.runs[-1][1]
    if len(head) < least or len(tail) < most:
        return None
    # The word begins in the last piece of its first run that is long enough: "this shit".
    first = max(layout.starts[head[-least]], head[0])
    last = min(layout.ends[tail[most - 1]], tail[-1])
    if not _fits(head[-1] - first + 1, least, entry, is_open=entry.open_left):
        return None
    if not _fits(last - tail[0] + 1, most, entry, is_open=entry.open_right):
        return None
    for number in range(1, len(entry.runs) - 1):
        length = len(_units(reading, first_run + number))
        if not _fits(length, entry.runs[number][1], entry, is_open=False):
            return None
    if entry.exact and not _has_accents(reading, entry, first_run):
        return None
    return (first, last) if _stands_alone(layout, entry, first, last) else None


def _fits(length: int, least: int, entry: Entry, *, is_open: bool) -> bool:
    """Whether a run of letters is this one, drawn out or not: "fuuuck" is, "cull" is not "cul"."""
    if length == least or (length > least and (length > 2 or is_open)):
        return True
    return length > least and entry.long


def _has_accents(reading: Reading, entry: Entry, first_run: int) -> bool:
    return all(
        any(reading.marked[unit] for unit in _units(reading, first_run + number)) == marked
        for number, (_, _, marked) in enumerate(entry.runs)
    )


def _stands_alone(layout: _Layout, entry: Entry, first: int, last: int) -> bool:
    if layout.reals[last + 1] == layout.reals[first]:
        return False  # 455 is a number
    pieces = 1 + layout.gaps[last + 1] - layout.gaps[first + 1]
    at_edges = layout.edge_before[first] and layout.edge_after[last]
    if pieces == 1:
        left = entry.open_left or layout.edge_before[first]
        return left and (entry.open_right or layout.edge_after[last])
    if entry.group == ALLOWED:
        return at_edges and pieces == entry.words
    return at_edges and (pieces == entry.words > 1 or _is_spaced_out(layout, entry, first, last, pieces))


def _is_spaced_out(layout: _Layout, entry: Entry, first: int, last: int, pieces: int) -> bool:
    """Whether letters were put apart on purpose: "f u c k" and "f-uck" were, "put a" and "pu te" were not."""
    if not entry.long:
        return pieces == last - first + 1
    if layout.blanks[last + 1] == layout.blanks[first + 1]:
        return True
    singles = layout.singles[last + 1] - layout.singles[first]
    return singles > 1 or layout.consonants[last + 1] > layout.consonants[first]

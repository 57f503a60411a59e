"""Whatever is typed, the filter answers, and its work grows with the length alone."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.domain.club_filter import _defaults
from chat.domain.filtering import judge
from chat.enums import Outcome, Rule
from chat.filter import automaton, folding, links, lists, matching

ALL = lists.of_languages(frozenset(lists.LANGUAGES))
_BITS = [
    "f",
    "u",
    "c",
    "k",
    "sh",
    "1",
    "!",
    "$",
    ".",
    " ",
    "\u200b",
    "\u0301",
    "é",
    "ﬃ",
    "𝖋",
    "🇫",
    "👍",
    "[dot]",
    "com",
    "@",
    "\n",
]
_TEXTS = st.one_of(st.text(max_size=600), st.lists(st.sampled_from(_BITS), max_size=300).map("".join))


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_TEXTS)
def test_no_text_raises_and_positions_are_of_the_text(text: str) -> None:
    verdict = judge(text, rules=_defaults(), recent=[text])
    stretches = [(hit.start, hit.end) for hit in matching.search(text, [ALL])] + links.find(text)

    assert all(0 <= start < end <= len(text) for start, end in stretches)
    assert set(verdict.reasons) <= set(Rule)
    assert verdict.outcome in Outcome


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_TEXTS)
def test_a_mask_says_the_same_at_any_length(text: str) -> None:
    rules = _defaults()
    verdict = judge(text, rules=rules)

    assert (verdict.text != text) == any(rules.outcomes[rule] is Outcome.MASK for rule in verdict.reasons)
    assert len(verdict.text) <= 3 * len(text)


class _Counting(Sequence[str]):
    """Letters that count how often one is looked at."""

    def __init__(self, letters: str) -> None:
        self.letters, self.looks = letters, 0

    def __getitem__(self, index: object) -> str:
        self.looks += 1
        return self.letters[index]  # type: ignore[index]

    def __len__(self) -> int:
        return len(self.letters)


@pytest.mark.parametrize("unit", ["aab", "fuc", "sh", "nigge", "as", "1!", "\u0301f", "\u200bf"])
def test_candidates_grow_with_the_length_alone(unit: str) -> None:
    """Twice the text is at most twice the finds to check, for every beginning of a word; no clock is asked."""

    def work(length: int) -> int:
        reading = folding.read((unit * length)[:length], guess=True)
        return len(reading.at) + len(list(ALL.candidates(reading)))

    assert work(4000) <= 2 * work(2000) + 50


def test_a_letter_is_looked_at_once() -> None:
    letters = _Counting("a" * 999 + "b")
    words = automaton.Automaton([("a" * size, size) for size in range(1, 30)])

    found = list(words.walk(letters))

    assert letters.looks <= len(letters) + 1
    assert sum(len(whats) for _, whats in found) <= 29 * len(letters)

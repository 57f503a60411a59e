"""Judges a message by a club's filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.enums import Outcome, Rule
from chat.filter import emoji, habits, links, matching
from chat.filter.matching import Matcher

MASK = "***"
_STRICTNESS = {outcome: number for number, outcome in enumerate(Outcome)}

# Code and words for the sender; the table of docs/websocket.md has the same codes.
REFUSALS: Mapping[Rule, tuple[str, str]] = {
    Rule.INSULT: ("chat:message:refused:insult", "Let's keep it kind. Please say it in other words."),
    Rule.SLUR: ("chat:message:refused:slur", "This word hurts people, so it is not sent here."),
    Rule.SEXUAL: ("chat:message:refused:sexual", "This is a class for everybody. Please say it in other words."),
    Rule.WORDS: ("chat:message:refused:words", "The club does not use one of these words. Please choose another."),
    Rule.LINKS: ("chat:message:refused:links", "Links are not sent here. The instructor can share it for you."),
    Rule.REPEATS: ("chat:message:refused:repeats", "You just said that, and everybody has seen it."),
    Rule.SHOUTING: (
        "chat:message:refused:shouting",
        "Capitals read like shouting. Please write it in small letters.",
    ),
    Rule.EMOJI: ("chat:message:refused:emoji", "That is a lot of emoji. A few fewer, please."),
    Rule.MENTIONS: ("chat:message:refused:mentions", "That calls many people at once. Please name a few of them."),
}


@dataclass(frozen=True, slots=True)
class CompiledFilter:
    """A club's filter, compiled. Never changes; club_filter.py makes new ones."""

    outcomes: Mapping[Rule, Outcome]
    matchers: Sequence[Matcher]
    repeat_seconds: int
    emoji_limit: int
    mention_limit: int

    def watches(self, rule: Rule) -> bool:
        return self.outcomes[rule] is not Outcome.OFF


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` is the strictest of all `reasons`, which come strictest first; `text` has its masks already.

    OFF: nothing was found, `text` is as it was.
    """

    outcome: Outcome
    text: str
    reasons: tuple[Rule, ...]


def judge(text: str, *, rules: CompiledFilter, recent: Sequence[str] = (), runs_class: bool = False) -> Verdict:
    """Time grows with the length of the text alone. `recent`: what the same person said within `repeat_seconds`.

    Who runs the class may link, call and cheer as they like; words count for everybody.
    """
    stretches = _stretches(text, rules, runs_class=runs_class)
    broken = {rule for rule, _, _ in stretches}
    if not runs_class:
        broken |= _habits(text, rules)
    masked = _masked(text, [(a, b) for rule, a, b in stretches if rules.outcomes[rule] is Outcome.MASK])
    if not runs_class and rules.watches(Rule.REPEATS) and habits.is_repeated(masked, recent):
        broken.add(Rule.REPEATS)
    reasons = sorted(broken, key=lambda rule: -_STRICTNESS[rules.outcomes[rule]])
    return Verdict(rules.outcomes[reasons[0]] if reasons else Outcome.OFF, masked, tuple(reasons))


def _stretches(text: str, rules: CompiledFilter, *, runs_class: bool) -> list[tuple[Rule, int, int]]:
    found = [(Rule(hit.group), hit.start, hit.end) for hit in matching.search(text, rules.matchers)]
    if rules.watches(Rule.LINKS) and not runs_class:
        found += [(Rule.LINKS, start, end) for start, end in links.find(text)]
    return [stretch for stretch in found if rules.watches(stretch[0])]


def _habits(text: str, rules: CompiledFilter) -> set[Rule]:
    found = {
        Rule.SHOUTING: habits.is_shouted(text),
        Rule.EMOJI: emoji.count(text) > rules.emoji_limit,
        Rule.MENTIONS: habits.mentions(text) > rules.mention_limit,
    }
    return {rule for rule, is_broken in found.items() if is_broken and rules.watches(rule)}


def _masked(text: str, stretches: list[tuple[int, int]]) -> str:
    """Masks the stretches. Those that touch or overlap become one mask, whose length tells nothing."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(stretches):
        if start > done or not pieces:
            pieces += [text[done:start], MASK]
        done = max(done, end)
    return "".join([*pieces, text[done:]])

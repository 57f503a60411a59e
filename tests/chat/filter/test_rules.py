"""Links, habits, and what the rules of a club make of them."""

from collections.abc import Mapping

import pytest

from chat.domain import filtering
from chat.domain.filtering import CompiledFilter, judge
from chat.enums import Outcome, Rule
from chat.filter import emoji, habits, links, lists

OFF = dict.fromkeys(Rule, Outcome.OFF)


def rules(outcomes: Mapping[Rule, Outcome]) -> CompiledFilter:
    matchers = [lists.of_languages(frozenset({"en"})), lists.of_club(["protein"], [])]
    return CompiledFilter(OFF | dict(outcomes), matchers, repeat_seconds=30, emoji_limit=3, mention_limit=2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://x.example/a?b=1, ok", "https://x.example/a?b=1"),
        ("example.com", "example.com"),
        ("Go to EXAMPLE.COM/Now!", "EXAMPLE.COM/Now"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("example。com", "example。com"),
        ("example[dot]com", "example[dot]com"),
        ("example (dot) com", "example (dot) com"),
        ("example dot com", "example dot com"),
        ("example . com", "example . com"),
        ("exam\u200bple\u2060.com", "exam\u200bple\u2060.com"),
        ("write me@mail.example.org", "me@mail.example.org"),
        ("me [at] example [dot] com", "me [at] example [dot] com"),
        ("www.somewhere", "www.somewhere"),
        ("youtu.be/abc", "youtu.be/abc"),
        ("http://10.0.0.1/x", "http://10.0.0.1/x"),
        ("пример.рф", "пример.рф"),
    ],
)
def test_an_address_is_found(text: str, found: str) -> None:
    assert [text[start:end] for start, end in links.find(text)] == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Great.Thank you",
        "ok.me too",
        "3.5 km in 20:15",
        "v1.2.3",
        "end...",
        "a. b. c.",
        "no.so it is",
        "10/10 @Ben",
        "e.g. squats",
    ],
)
def test_a_sentence_is_no_address(text: str) -> None:
    assert links.find(text) == []


@pytest.mark.parametrize("text", ["ok.me too", "example.de", "x.live", "tel://123", "example.kitchen/menu"])
def test_more_is_an_address_where_links_are_not_wanted(text: str) -> None:
    assert links.find(text) == []
    assert len(links.find(text, strict=True)) == 1


@pytest.mark.parametrize("text", ["3.5 km, e.g. today. ok?", "Great.Thank you", "no.so it is", "and/or", "end..."])
def test_a_sentence_is_no_address_there_either(text: str) -> None:
    assert links.find(text, strict=True) == []


def test_shouting_is_long_and_mostly_capitals() -> None:
    assert habits.is_shouted("WHY IS NOBODY ANSWERING ME")
    assert not habits.is_shouted("GO GO GO BEN!")
    assert not habits.is_shouted("HIIT at 7 with BEN, then we stretch")
    assert not habits.is_shouted("今日はとても良いクラスでしたありがとうございました")


def test_emoji_are_counted_as_seen() -> None:
    assert emoji.count("👍🏽👨‍👩‍👧❤️🇫🇷") == 4
    assert emoji.count("plain (c) 100 %") == 0


def test_mentions() -> None:
    assert habits.mentions("@Ben @cleo me@example.com @ @@Ana") == 3


def test_a_repeat_reads_the_same() -> None:
    assert habits.is_repeated("BUY now, great!!", ["buy   nòw great"])
    assert not habits.is_repeated("Go!", ["Go!"])
    assert not habits.is_repeated("buy now, great", ["buy later, great"])


def test_a_mask_takes_the_place_of_the_word_alone() -> None:
    verdict = judge("Oh, f.u.c.k this PROTEIN!", rules=rules({Rule.INSULT: Outcome.MASK, Rule.WORDS: Outcome.MASK}))

    assert (verdict.outcome, verdict.text) == (Outcome.MASK, "Oh, *** this ***!")
    assert set(verdict.reasons) == {Rule.INSULT, Rule.WORDS}


def test_the_strictest_outcome_counts_and_milder_masks_stay() -> None:
    verdict = judge("shit example.com", rules=rules({Rule.INSULT: Outcome.MASK, Rule.LINKS: Outcome.HOLD}))

    assert (verdict.outcome, verdict.text) == (Outcome.HOLD, "*** example.com")
    assert verdict.reasons == (Rule.LINKS, Rule.INSULT)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (Rule.LINKS, "example.com"),
        (Rule.SHOUTING, "WHY IS NOBODY ANSWERING ME"),
        (Rule.EMOJI, "🎉🎉🎉🎉"),
        (Rule.MENTIONS, "@a @b @c"),
        (Rule.REPEATS, "said before"),
    ],
)
def test_who_runs_the_class_is_free_of_habits(rule: Rule, text: str) -> None:
    refusing = rules({rule: Outcome.REFUSE})

    assert judge(text, rules=refusing, recent=["Said before!"]).reasons == (rule,)
    assert judge(text, rules=refusing, recent=["Said before!"], runs_class=True).reasons == ()


def test_a_rule_that_is_off_finds_nothing() -> None:
    text = "SHIT example.com PROTEIN @a @b @c 🎉🎉🎉🎉 AND SO ON AND ON"

    assert judge(text, rules=rules({}), recent=[text]) == filtering.Verdict(Outcome.OFF, text, ())


def test_every_rule_has_words_for_the_sender() -> None:
    assert {code.rpartition(":")[2] for code, _ in filtering.REFUSALS.values()} == set(Rule.values)

"""The names of emoji: each once, small letters, and nothing but an emoji behind it."""

import re
from pathlib import Path

from chat.filter import emoji
from chat.frames import text_cleaning

SOURCE = (Path(__file__).resolve().parents[2] / "static/js/lib/emoji-names.js").read_text()
PAIRS = re.findall(r'(\S+): "([^"]+)"', SOURCE)


def test_each_name_stands_once_and_can_be_typed() -> None:
    names = [name for name, _ in PAIRS]

    assert len(names) > 150
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9_]{2,}", name)] == []


def test_each_is_an_emoji_that_comes_through_as_it_is() -> None:
    pictures = {picture for _, picture in PAIRS}

    assert {
        picture for picture in pictures if not emoji.is_all(picture) or text_cleaning.clean(picture) != picture
    } == set()

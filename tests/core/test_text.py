"""What is left of people's text."""

import pytest

from fitfriends.core import errors
from fitfriends.core.text import clean_line, clean_text, required_line


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("  two \t words\n here ", "two words here"),
        ("a\x00b\x07c", "abc"),
        ("\u202eevil\u2066", "evil"),
        ("a\ud800b", "ab"),
        ("e\u0301", "é"),
        ("Z" + "\u0336" * 50, "Z" + "\u0336" * 4),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("שלום مرحبا", "שלום مرحبا"),
        ("abcdef" * 10, ("abcdef" * 10)[:20]),
    ],
)
def test_clean_line(text: str, kept: str) -> None:
    assert clean_line(text, 20 if len(text) < 51 or text.startswith("a") else 60) == kept


def test_clean_text_keeps_paragraphs() -> None:
    assert clean_text("one \r\n\r\n\r\n\r\n two\x00", 100) == "one\n\ntwo"


@pytest.mark.parametrize("text", ["", " ", "\u200d", "\u202e", "\x00", "\u3164\u200c"[1:]])
def test_required_line_refuses_what_nobody_can_read(text: str) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        required_line(text, 20, field="name")
    assert "name" in refusal.value.fields

"""The kinds of fields that a client's frames have, and how words are cleaned and measured."""

from functools import partial
from typing import Annotated

from msgspec import Meta

from chat.errors import ProtocolError
from chat.frames import text_cleaning
from chat.limits import (
    BIGGEST_ID,
    CLIENT_ID_CHARACTERS,
    CLIENT_ID_PATTERN,
    MESSAGE_CHARACTERS,
    OPTION_CHARACTERS,
    OPTIONS_LEAST,
    OPTIONS_MOST,
    REASON_CHARACTERS,
)
from fitfriends.core.frames import checked, words

type Id = Annotated[int, Meta(ge=1, le=BIGGEST_ID)]
type MediaTime = Annotated[int, Meta(ge=0, le=BIGGEST_ID)]
type ClientId = Annotated[
    str, words(f"1 to {CLIENT_ID_CHARACTERS} visible ASCII characters", pattern=CLIENT_ID_PATTERN)
]


def message(typed: str) -> str:
    """The words of a message, cleaned. Raises ProtocolError when nothing is left to read, or too much."""
    cleaned = text_cleaning.clean(typed)
    if text_cleaning.is_blank(cleaned):
        raise ProtocolError("chat:message:empty", "There is nothing to read in this message.", fault=False)
    if len(cleaned) > MESSAGE_CHARACTERS:
        too_long = f"Please keep it under {MESSAGE_CHARACTERS} characters."
        raise ProtocolError("chat:message:too-long", too_long, fault=False)
    return cleaned


def one_line(typed: str, *, most: int) -> str:
    """The same for the words of a poll or a question, which are one line."""
    cleaned = " ".join(text_cleaning.clean(typed).split())
    if text_cleaning.is_blank(cleaned):
        raise ProtocolError("chat:floor:empty", "There is nothing to read in this.", fault=False)
    if len(cleaned) > most:
        raise ProtocolError("chat:floor:too-long", f"Please keep it to {most} characters.", fault=False)
    return cleaned


def options(typed: list[str]) -> list[str]:
    """Raises ProtocolError unless these are a few different options."""
    if not OPTIONS_LEAST <= len(typed) <= OPTIONS_MOST:
        few = f"A poll has {OPTIONS_LEAST} to {OPTIONS_MOST} options."
        raise ProtocolError("chat:poll:options", few, fault=False)
    found = [one_line(option, most=OPTION_CHARACTERS) for option in typed]
    if len({option.casefold() for option in found}) < len(found):
        raise ProtocolError("chat:poll:options", "Two options are the same.", fault=False)
    return found


def reason(typed: str) -> str:
    """Cleaned as a message is: no NUL, which PostgreSQL refuses, and no lone surrogate, which nothing encodes."""
    cleaned = text_cleaning.clean(typed)
    if len(cleaned) > REASON_CHARACTERS:
        raise ProtocolError("chat:frame:field", f"reason is {_at_most(REASON_CHARACTERS)}.")
    return cleaned


def _at_most(most: int) -> str:
    return f"a string of {most} characters at most"


type MessageText = Annotated[
    str, checked(_at_most(MESSAGE_CHARACTERS), message, extra_json_schema={"maxLength": MESSAGE_CHARACTERS})
]
type Reason = Annotated[
    str, checked(_at_most(REASON_CHARACTERS), reason, extra_json_schema={"maxLength": REASON_CHARACTERS})
]
type Options = Annotated[
    list[str],
    checked(
        f"a list of {OPTIONS_LEAST} to {OPTIONS_MOST} strings, all different",
        options,
        extra_json_schema={"minItems": OPTIONS_LEAST, "maxItems": OPTIONS_MOST},
    ),
]


def line_of(most: int) -> Meta:
    """The bounds of a line that somebody writes."""
    return checked(_at_most(most), partial(one_line, most=most), extra_json_schema={"maxLength": most})

"""Reads the commands of chat/frames/interactions.py from a client's frame."""

import re
from collections.abc import Callable

from chat.enums import QuestionState, Reaction
from chat.errors import ProtocolError
from chat.frames import text_cleaning
from chat.frames.fields import Fields, number, number_if_any
from chat.frames.interactions import (
    Ask,
    CastVote,
    Cheer,
    ClosePoll,
    InteractionsCommand,
    LowerHand,
    MarkQuestion,
    OpenPoll,
    RaiseHand,
    React,
    VoteQuestion,
)
from chat.frames.media_time import media_time_if_any
from chat.limits import (
    BIGGEST_ID,
    CLIENT_ID_PATTERN,
    OPTION_CHARACTERS,
    OPTIONS_LEAST,
    OPTIONS_MOST,
    POLL_CHARACTERS,
    QUESTION_CHARACTERS,
)

_CLIENT_ID = re.compile(CLIENT_ID_PATTERN)


def one_line(value: object, name: str, *, most: int, client_id: str | None = None) -> str:
    """Cleaned, on one line, not blank, and at most so many characters; raises ProtocolError."""
    if not isinstance(value, str):
        raise ProtocolError("chat:frame:field", f"{name} is a string.", client_id)
    cleaned = " ".join(text_cleaning.clean(value).split())
    if text_cleaning.is_blank(cleaned):
        raise ProtocolError("chat:floor:empty", "There is nothing to read in this.", client_id, fault=False)
    if len(cleaned) > most:
        too_long = f"Please keep it to {most} characters."
        raise ProtocolError("chat:floor:too-long", too_long, client_id, fault=False)
    return cleaned


def options_of(value: object) -> list[str]:
    """Raises ProtocolError unless these are a few different options."""
    if not isinstance(value, list):
        raise ProtocolError("chat:frame:field", "options is a list of strings.")
    if not OPTIONS_LEAST <= len(value) <= OPTIONS_MOST:
        raise ProtocolError(
            "chat:poll:options", f"A poll has {OPTIONS_LEAST} to {OPTIONS_MOST} options.", fault=False
        )
    options = [one_line(option, "an option", most=OPTION_CHARACTERS) for option in value]
    if len({option.casefold() for option in options}) < len(options):
        raise ProtocolError("chat:poll:options", "Two options are the same.", fault=False)
    return options


def _react(fields: Fields) -> React:
    reaction = fields.get("reaction")
    if reaction not in Reaction.values:
        raise ProtocolError("chat:frame:field", f"reaction is one of {', '.join(Reaction.values)}.")
    return {"type": "react", "reaction": str(reaction), "media_time": media_time_if_any(fields)}


def _cheer(fields: Fields) -> Cheer:
    user_id = number(fields, "user_id", minimum=1)
    return {"type": "cheer", "user_id": user_id, "media_time": media_time_if_any(fields)}


def _open_poll(fields: Fields) -> OpenPoll:
    question = one_line(fields.get("question"), "question", most=POLL_CHARACTERS)
    return {"type": "open_poll", "question": question, "options": options_of(fields.get("options"))}


def _close_poll(fields: Fields) -> ClosePoll:
    return {"type": "close_poll", "id": number(fields, "id", minimum=1)}


def _vote(fields: Fields) -> CastVote:
    option = number(fields, "option", minimum=0, maximum=OPTIONS_MOST - 1)
    return {"type": "vote", "id": number(fields, "id", minimum=1), "option": option}


def _raise_hand(fields: Fields) -> RaiseHand:  # noqa: ARG001 -- one signature for all readers
    return {"type": "raise_hand"}


def _lower_hand(fields: Fields) -> LowerHand:
    return {"type": "lower_hand", "user_id": number_if_any(fields, "user_id", minimum=1, maximum=BIGGEST_ID)}


def _ask(fields: Fields) -> Ask:
    client_id = fields.get("client_id")
    if client_id is not None and not (isinstance(client_id, str) and _CLIENT_ID.match(client_id)):
        raise ProtocolError("chat:frame:field", "client_id is 1 to 64 visible ASCII characters.")
    question = one_line(fields.get("question"), "question", most=QUESTION_CHARACTERS, client_id=client_id)
    return {"type": "ask", "question": question, "client_id": client_id}


def _vote_question(fields: Fields) -> VoteQuestion:
    voted = fields.get("voted")
    if not isinstance(voted, bool):
        raise ProtocolError("chat:frame:field", "voted is true or false.")
    return {"type": "vote_question", "id": number(fields, "id", minimum=1), "voted": voted}


def _mark_question(fields: Fields) -> MarkQuestion:
    state = fields.get("state")
    if state not in QuestionState.values:
        raise ProtocolError("chat:frame:field", f"state is one of {', '.join(QuestionState.values)}.")
    return {"type": "mark_question", "id": number(fields, "id", minimum=1), "state": str(state)}


READERS: dict[str, Callable[[Fields], InteractionsCommand]] = {
    "react": _react,
    "cheer": _cheer,
    "open_poll": _open_poll,
    "close_poll": _close_poll,
    "vote": _vote,
    "raise_hand": _raise_hand,
    "lower_hand": _lower_hand,
    "ask": _ask,
    "vote_question": _vote_question,
    "mark_question": _mark_question,
}

"""Puts texts that are no messages through the club's filter: questions and polls."""

from collections.abc import Sequence

from chat.domain import club_filter, filtering
from chat.enums import Outcome
from chat.errors import Refused
from chat.models import Room


def passed(room: Room, text: str, *, runs_class: bool, recent: Sequence[str] = ()) -> str:
    """Returns the text with its masks. `recent`: what the same person asked lately.

    Raises Refused, also for what a club holds: nobody is kept waiting for a question that nobody sees.
    """
    rules = club_filter.of_club(room.stream.group_session.club_id)
    verdict = filtering.judge(text, rules=rules, recent=recent, runs_class=runs_class)
    if verdict.outcome in (Outcome.HOLD, Outcome.REFUSE):
        code, words = filtering.REFUSALS[verdict.reasons[0]]
        raise Refused(words, code=code)
    return verdict.text

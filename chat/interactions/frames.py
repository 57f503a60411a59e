"""Turns rows of the interactions into the frames that readers get."""

from collections.abc import Mapping

from chat.frames import interactions
from chat.models import Poll, Question
from fitfriends.core import clock


def of_poll(poll: Poll, votes: Mapping[int, int]) -> interactions.Poll:
    """`votes`: by the option's index. A poll of a class that is over is closed, whether somebody closed it or not."""
    closed = poll.closed_at or poll.room.stream.ended_at
    options = [interactions.Option(text=text, votes=votes.get(index, 0)) for index, text in enumerate(poll.options)]
    return interactions.Poll(
        id=poll.pk,
        question=poll.question,
        options=options,
        voters=sum(votes.values()),
        open=closed is None,
        opened_by=poll.opened_name,
        opened_at=clock.to_ms(poll.opened_at),
        closed_at=clock.to_ms(closed) if closed else None,
    )


def of_question(question: Question) -> interactions.Question:
    return interactions.Question(
        id=question.pk,
        user_id=question.author_id,
        username=question.author_name,
        role=str(question.author_role),
        question=question.text,
        votes=question.votes,
        state=str(question.state),
        asked_at=clock.to_ms(question.asked_at),
    )

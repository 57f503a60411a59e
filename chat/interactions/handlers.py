"""What the commands beside the talk do, and what the desk looks up: the synchronous side, in the talk's threads."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from chat.domain import message_rate, people, rooms
from chat.domain.broadcast import FloorPart
from chat.enums import QuestionState
from chat.errors import NoSuchPerson, NoSuchPoll, NoSuchQuestion
from chat.frames import interactions
from chat.frames.registry import PersonFrame
from chat.interactions import frames, hands, polls, questions
from chat.interactions.questions import Questions
from chat.models import Poll, Question
from chat.realtime.connection import Participant
from chat.realtime.handlers import person_of, room_and_person
from fitfriends.core.errors import DomainError
from streaming.domain import access as streaming_access

PARTS: frozenset[FloorPart] = frozenset(("poll", "questions", "hands"))
HANDS_NAMED = 40


@dataclass(frozen=True, slots=True)
class InteractionsSnapshot:
    """What goes on beside the talk. `hands`: when each was raised, by user id, first come first."""

    poll: interactions.Poll | None = None
    questions: Questions = questions.NONE
    hands: Mapping[int, int] | None = None
    people: Sequence[interactions.Hand] = ()


def load_interactions(
    room_ids: Collection[str], parts: Collection[FloorPart] = PARTS
) -> dict[str, InteractionsSnapshot]:
    """How these rooms stand, in these parts; the others are empty. Four queries, whatever the number of rooms, and
    more only where hands are up.
    """
    found = {room_id: InteractionsSnapshot() for room_id in room_ids}
    if "poll" in parts:
        for room_id, poll in polls.current(room_ids).items():
            found[room_id] = replace(found[room_id], poll=poll)
    if "questions" in parts:
        for room_id, shown in questions.current(room_ids).items():
            found[room_id] = replace(found[room_id], questions=shown)
    if "hands" in parts:
        for room_id in room_ids:
            up = hands.up(room_id)
            found[room_id] = replace(found[room_id], hands=up, people=_named(room_id, up))
    return found


def load_floor(room_id: str, parts: Collection[FloorPart]) -> InteractionsSnapshot:
    return load_interactions([room_id], parts)[room_id]


def cheered(visitor: Participant, user_id: int) -> PersonFrame:
    """Whom this cheer is for; raises NoSuchPerson unless they belong to the class now."""
    stream = rooms.find(visitor.room_id).stream
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None or not streaming_access.may_see(person, stream):
        raise NoSuchPerson
    return people.named(stream, [user_id])[user_id]


def open_poll(visitor: Participant, command: interactions.OpenPoll) -> None:
    """Raises DomainError, as all below."""
    room, person = room_and_person(visitor)
    polls.start(room, actor=person, question=command["question"], options=command["options"])


def close_poll(visitor: Participant, command: interactions.ClosePoll) -> None:
    polls.close(_poll_here(visitor.room_id, command["id"]), actor=person_of(visitor))


def count_votes(room_id: str, poll_id: int, votes: Mapping[int, int]) -> dict[int, DomainError]:
    """See polls.vote_all."""
    return polls.vote_all(_poll_here(room_id, poll_id), votes)


def raise_hand(visitor: Participant, _: interactions.RaiseHand) -> None:
    room, person = room_and_person(visitor)
    hands.raise_hand(room, user=person)


def lower_hand(visitor: Participant, command: interactions.LowerHand) -> None:
    room, person = room_and_person(visitor)
    hands.lower_hand(room, user_id=command.get("user_id") or person.pk, actor=person)


def ask(visitor: Participant, command: interactions.Ask) -> interactions.QuestionAsked:
    message_rate.take(visitor.user_id)
    room, person = room_and_person(visitor)
    client_id = command.get("client_id")
    asked = questions.ask(room, author=person, text=command["question"], client_id=client_id)
    return {"type": "question_asked", "question": frames.of_question(asked), "client_id": client_id}


def count_question_votes(room_id: str, question_id: int, votes: Mapping[int, int]) -> dict[int, DomainError]:
    """See questions.vote_all; 1 gives a vote, 0 takes it back."""
    question = _question_here(room_id, question_id)
    return questions.vote_all(question, {user: bool(vote) for user, vote in votes.items()})


def mark_question(visitor: Participant, command: interactions.MarkQuestion) -> None:
    question = _question_here(visitor.room_id, command["id"])
    questions.mark(question, QuestionState(command["state"]), actor=person_of(visitor))


def _named(room_id: str, up: Mapping[int, int]) -> list[interactions.Hand]:
    first = list(up)[:HANDS_NAMED]
    if not first:
        return []
    names = people.named(rooms.find(room_id).stream, first)
    return [
        {"user_id": user_id, "username": names[user_id]["username"], "raised_at": up[user_id]}
        for user_id in first
        if user_id in names
    ]


def _poll_here(room_id: str, poll_id: int) -> Poll:
    poll = polls.find(poll_id)
    if poll.room.stream.room_id != room_id:
        raise NoSuchPoll
    return poll


def _question_here(room_id: str, question_id: int) -> Question:
    question = questions.find(question_id)
    if question.room.stream.room_id != room_id:
        raise NoSuchQuestion
    return question

"""What the commands of the interactions do: the synchronous side, which runs in the chat's threads."""

from collections.abc import Mapping

from accounts.models import User
from chat.domain import message_rate, people, rooms
from chat.domain.participants import Participant, room_and_user, user_of
from chat.errors import NoSuchPerson, NoSuchPoll, NoSuchQuestion
from chat.frames import interactions
from chat.frames.room import PersonFrame
from chat.interactions import frames, hands, polls, questions
from chat.models import Poll, Question
from fitfriends.core.errors import DomainError
from streaming.domain import access as streaming_access


def cheered(participant: Participant, user_id: int) -> PersonFrame:
    """The person a cheer is for. Raises NoSuchPerson unless they belong to the class now."""
    stream = rooms.find(participant.room_id).stream
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None or not streaming_access.may_see(person, stream):
        raise NoSuchPerson
    return people.named(stream, [user_id])[user_id]


def open_poll(participant: Participant, command: interactions.OpenPoll) -> None:
    """Raises DomainError, as all below."""
    room, person = room_and_user(participant)
    polls.start(room, actor=person, question=command.question, options=command.options)


def close_poll(participant: Participant, command: interactions.ClosePoll) -> None:
    polls.close(_poll_here(participant.room_id, command.id), actor=user_of(participant))


def count_votes(room_id: str, poll_id: int, votes: Mapping[int, int]) -> dict[int, DomainError]:
    """See polls.vote_all."""
    return polls.vote_all(_poll_here(room_id, poll_id), votes)


def raise_hand(participant: Participant, _: interactions.RaiseHand) -> None:
    room, person = room_and_user(participant)
    hands.raise_hand(room, user=person)


def lower_hand(participant: Participant, command: interactions.LowerHand) -> None:
    room, person = room_and_user(participant)
    hands.lower_hand(room, user_id=command.user_id or person.pk, actor=person)


def ask(participant: Participant, command: interactions.Ask) -> interactions.QuestionAsked:
    message_rate.take(participant.user_id)
    room, person = room_and_user(participant)
    asked = questions.ask(room, author=person, text=command.question, client_id=command.client_id)
    return interactions.QuestionAsked(question=frames.of_question(asked), client_id=command.client_id)


def count_question_votes(room_id: str, question_id: int, votes: Mapping[int, int]) -> dict[int, DomainError]:
    """See questions.vote_all; 1 gives a vote, 0 takes it back."""
    question = _question_here(room_id, question_id)
    return questions.vote_all(question, {user: bool(vote) for user, vote in votes.items()})


def mark_question(participant: Participant, command: interactions.MarkQuestion) -> None:
    question = _question_here(participant.room_id, command.id)
    questions.mark(question, command.state, actor=user_of(participant))


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

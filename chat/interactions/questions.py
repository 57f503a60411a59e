"""Questions to the instructor: asked under the room's settings, voted up, answered or put aside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from chat.domain import access, broadcast, club_filter, people, room_settings, screening
from chat.domain.room_settings import Speaker
from chat.enums import QuestionState
from chat.errors import NoSuchQuestion, NotInRoom, NotYours, QuestionSettled, TalkClosed, TooManyQuestions
from chat.frames import interactions
from chat.interactions import frames
from chat.models import Question, QuestionVote, Room
from fitfriends.core import clock
from fitfriends.core.errors import DomainError

# Of one person at once; moderators ask as they like.
OPEN_AT_ONCE = 3
SHOWN_OPEN = 30
SHOWN_ANSWERED = 10
HISTORY = 200

_VOTES = "INSERT INTO chat_questionvote (question_id, voter_id) VALUES {rows} ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Questions:
    """The open ones with the most votes, then those answered last. `open_count` counts all open ones."""

    shown: Sequence[interactions.Question]
    open_count: int


NONE = Questions((), 0)


def find(question_id: int) -> Question:
    """With its room, stream and class. Raises NoSuchQuestion."""
    found = Question.objects.select_related("room__stream__group_session").filter(pk=question_id).first()
    if found is None:
        raise NoSuchQuestion
    return found


def ask(room: Room, *, author: User, text: str, client_id: str | None = None) -> Question:
    """Stores a question as the club's filter lets it through, and tells the room. `text` has been cleaned.

    Asking again with the same client_id returns the first. Raises NotInRoom, TalkClosed, what the room's settings
    forbid (domain/room_settings.py), Refused by the club's filter, TooManyQuestions.
    """
    first = _asked_before(room, author, client_id)
    if first is not None:
        return first
    speaker = access.require_speaker(author, room.stream)
    passed = screening.passed(room, text, runs_class=speaker.role.moderates, recent=_recent(room, author, speaker))
    try:
        with transaction.atomic():
            # The row that messages are judged by: a time-out that was committed before holds for this question.
            locked = Room.objects.select_for_update().get(pk=room.pk)
            room_settings.require(room_settings.settings_from(locked), speaker, text, at=clock.now())
            _require_few(room, speaker)
            question = Question.objects.create(
                room=room,
                author=author,
                author_name=people.name_of(author),
                author_role=str(speaker.role),
                text=passed,
                client_id=client_id,
            )
            _tell(room)
    except IntegrityError:
        first = _asked_before(room, author, client_id)
        if first is None:
            raise
        return first
    return question


def vote(question: Question, *, voter: User, voted: bool) -> None:
    """One vote a person, given or taken back. Doing it again changes nothing.

    Raises NotInRoom, TalkClosed or QuestionSettled.
    """
    for refused in vote_all(question, {voter.pk: voted}).values():
        raise refused


def vote_all(question: Question, votes: Mapping[int, bool]) -> dict[int, DomainError]:
    """The votes of many, by user id. Returns who was refused, and why; a few statements for all.

    Raises TalkClosed or QuestionSettled for everybody.
    """
    stream = question.room.stream
    if not stream.is_open:
        raise TalkClosed
    belonging = people.entitled(stream, votes.keys())
    voters = sorted(belonging)
    with transaction.atomic():
        given = _give(question, [user for user in voters if votes[user]])
        taken = _take_back(question, [user for user in voters if not votes[user]])
        if given or taken:
            # One transaction with the rows, so that `votes` equals them.
            still_open = Question.objects.filter(pk=question.pk, state=QuestionState.OPEN)
            if not still_open.update(votes=F("votes") + given - taken):
                raise QuestionSettled
            _tell(question.room)
    return {user: NotInRoom() for user in votes if user not in belonging}


def _give(question: Question, voters: Sequence[int]) -> int:
    """Stores the votes and returns how many are new."""
    if not voters:
        return 0
    with connection.cursor() as cursor:
        rows = ", ".join(["(%s, %s)"] * len(voters))
        cursor.execute(_VOTES.format(rows=rows), [value for voter in voters for value in (question.pk, voter)])
        return int(cursor.rowcount)


def _take_back(question: Question, voters: Sequence[int]) -> int:
    if not voters:
        return 0
    taken, _ = QuestionVote.objects.filter(question=question, voter_id__in=voters).delete()
    return taken


def mark(question: Question, state: QuestionState, *, actor: User) -> Question:
    """Answered, put aside or open again, by moderators; its author may put it aside too.

    Raises NoSuchQuestion for whoever may not read the room, NotYours for its other readers.
    """
    stream = question.room.stream
    own = question.author_id == actor.pk and state == QuestionState.DISMISSED and access.may_read(actor, stream)
    if not own and not access.may_moderate(actor, stream):
        raise NotYours if access.may_read(actor, stream) else NoSuchQuestion
    with transaction.atomic():
        at = None if state == QuestionState.OPEN else clock.now()
        decision = {"state": state, "decided_at": at, "decided_by": actor}
        if Question.objects.filter(pk=question.pk).exclude(state=state).update(**decision):
            _tell(question.room)
    question.refresh_from_db(fields=["state", "votes", "decided_at", "decided_by"])
    return question


def current(room_ids: Collection[str]) -> dict[str, Questions]:
    """The questions that each of these rooms shows now. Two queries."""
    rows = Question.objects.filter(room__stream__room_id__in=room_ids).select_related("room__stream")
    waiting = rows.filter(state=QuestionState.OPEN).annotate(
        rank=Window(RowNumber(), partition_by=F("room"), order_by=[F("votes").desc(), F("pk").asc()]),
        of=Window(Count("pk"), partition_by=F("room")),
    )
    answered = rows.filter(state=QuestionState.ANSWERED).annotate(
        rank=Window(RowNumber(), partition_by=F("room"), order_by=F("decided_at").desc()),
    )
    shown: dict[str, list[interactions.Question]] = {}
    counts: dict[str, int] = {}
    for question in waiting.filter(rank__lte=SHOWN_OPEN).order_by("rank"):
        counts[question.room.stream.room_id] = question.of
        shown.setdefault(question.room.stream.room_id, []).append(frames.of_question(question))
    for settled in answered.filter(rank__lte=SHOWN_ANSWERED).order_by("rank"):
        shown.setdefault(settled.room.stream.room_id, []).append(frames.of_question(settled))
    return {room_id: Questions(found, counts.get(room_id, 0)) for room_id, found in shown.items()}


def of_room(room: Room, *, user: User) -> QuerySet[Question]:
    """Most votes first, then the oldest. What was put aside is for moderators and its author."""
    rows = Question.objects.filter(room=room).order_by("-votes", "pk")
    if access.may_moderate(user, room.stream):
        return rows[:HISTORY]
    return (rows.exclude(state=QuestionState.DISMISSED) | rows.filter(author=user))[:HISTORY]


def voted_by(user: User, question_ids: Iterable[int]) -> set[int]:
    rows = QuestionVote.objects.filter(voter=user, question_id__in=list(question_ids))
    return set(rows.values_list("question_id", flat=True))


def _asked_before(room: Room, author: User, client_id: str | None) -> Question | None:
    return Question.objects.filter(room=room, author=author, client_id=client_id).first() if client_id else None


def _recent(room: Room, author: User, speaker: Speaker) -> list[str]:
    if speaker.role.moderates:
        return []
    seconds = club_filter.of_club(room.stream.group_session.club_id).repeat_seconds
    rows = Question.objects.filter(room=room, author=author, asked_at__gte=clock.now() - timedelta(seconds=seconds))
    return list(rows.values_list("text", flat=True))


def _require_few(room: Room, speaker: Speaker) -> None:
    """Raises TooManyQuestions. Call it under the room's lock, so that two asked at once are both counted."""
    mine = Question.objects.filter(room=room, author_id=speaker.user_id, state=QuestionState.OPEN)
    if not speaker.role.moderates and mine.count() >= OPEN_AT_ONCE:
        raise TooManyQuestions


def _tell(room: Room) -> None:
    room_id = room.stream.room_id
    transaction.on_commit(lambda: broadcast.interactions_changed(room_id, "questions"))

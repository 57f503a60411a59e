"""Questions: asked under the rules of the talk, voted up once a person, answered or put aside."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Count

from accounts.models import User
from chat.domain import club_filter, rooms
from chat.enums import QuestionState
from chat.errors import (
    Frozen,
    NoSuchQuestion,
    NotInRoom,
    NotYours,
    QuestionSettled,
    Refused,
    TimedOut,
    TooManyQuestions,
)
from chat.interactions import questions
from chat.models import Question, Room
from chat.moderation import actions
from fitfriends.core.errors import DomainError
from tests.cast import Cast, add_member, api_as, make_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def asked(room: Room, author: User, text: str = "Do I need a mat?") -> Question:
    return questions.find(questions.ask(room, author=author, text=text).pk)


def shown(room: Room) -> list[tuple[str, int]]:
    found = questions.current([room.stream.room_id]).get(room.stream.room_id, questions.NONE)
    return [(question.question, question.votes) for question in found.shown]


def test_the_rules_of_the_talk_hold(cast: Cast, room: Room) -> None:
    actions.change_settings(room, actor=cast.ben, frozen=True)
    with pytest.raises(Frozen):
        questions.ask(room, author=cast.cleo, text="May I?")
    actions.change_settings(room, actor=cast.ben, frozen=False)
    actions.time_out(room, user=cast.cleo, actor=cast.ben, minutes=5)
    with pytest.raises(TimedOut):
        questions.ask(room, author=cast.cleo, text="May I?")
    with pytest.raises(NotInRoom):
        questions.ask(room, author=cast.dov, text="May I?")

    assert not Question.objects.exists()


def test_the_clubs_filter_holds(cast: Cast, room: Room) -> None:
    club_filter.change(cast.club, actor=cast.ana, on_links="hold")

    for text in ("Are faggots allowed?", "Is it like on www.example.com?", "WHY IS EVERYBODY SHOUTING"):
        with pytest.raises(Refused):
            questions.ask(room, author=cast.cleo, text=text)
    assert asked(room, cast.cleo, "What the fuck is a burpee?").text == "What the *** is a burpee?"
    with pytest.raises(Refused):
        questions.ask(room, author=cast.cleo, text="What the fuck is a burpee?")


def test_a_member_has_three_open_at_once(cast: Cast, room: Room) -> None:
    first = asked(room, cast.cleo, "How low do I go?")
    asked(room, cast.cleo, "Which shoes are best?")
    asked(room, cast.cleo, "When do we breathe?")
    with pytest.raises(TooManyQuestions):
        questions.ask(room, author=cast.cleo, text="And another thing?")

    questions.mark(first, QuestionState.ANSWERED, actor=cast.ben)

    assert questions.ask(room, author=cast.cleo, text="And another thing?").pk


def test_asking_again_with_the_same_id_asks_once(cast: Cast, room: Room) -> None:
    first = questions.ask(room, author=cast.cleo, text="Mat?", client_id="q-1")
    again = questions.ask(room, author=cast.cleo, text="Mat?", client_id="q-1")

    assert (again.pk, Question.objects.count()) == (first.pk, 1)


def test_most_votes_first_then_the_oldest(cast: Cast, room: Room) -> None:
    one, two, three = [asked(room, cast.ben, text) for text in ("One?", "Two?", "Three?")]
    questions.vote(three, voter=cast.cleo, voted=True)
    assert shown(room) == [("Three?", 1), ("One?", 0), ("Two?", 0)]

    questions.mark(one, QuestionState.ANSWERED, actor=cast.ben)
    questions.mark(two, QuestionState.DISMISSED, actor=cast.ben)

    assert shown(room) == [("Three?", 1), ("One?", 0)]
    with pytest.raises(QuestionSettled):
        questions.vote(one, voter=cast.cleo, voted=True)


def test_only_the_first_thirty_are_shown_and_all_are_counted(cast: Cast, room: Room, other_room: Room) -> None:
    rows = [Question(room=room, author=cast.cleo, author_name="Cleo", text=str(n), votes=n) for n in range(40)]
    Question.objects.bulk_create(rows)
    asked(other_room, cast.eva, "Elsewhere?")

    found = questions.current([room.stream.room_id, other_room.stream.room_id])

    assert [question.votes for question in found[room.stream.room_id].shown] == list(range(39, 9, -1))
    assert found[room.stream.room_id].open_count == 40
    assert found[other_room.stream.room_id].open_count == 1


@pytest.mark.parametrize(
    ("name", "may"),
    [("ana", True), ("ben", True), ("mia", True), ("sam", True), ("kim", False), ("cleo", False), ("dov", False)],
)
def test_who_answers(people: dict[str, User], room: Room, cast: Cast, name: str, may: bool) -> None:  # noqa: FBT001
    question = asked(room, cast.ana)
    if may:
        assert questions.mark(question, QuestionState.ANSWERED, actor=people[name]).state == QuestionState.ANSWERED
        return
    with pytest.raises(DomainError) as refused:
        questions.mark(question, QuestionState.ANSWERED, actor=people[name])
    assert type(refused.value) is (NoSuchQuestion if name == "dov" else NotYours)


def test_an_author_takes_back_what_they_asked(people: dict[str, User], room: Room, cast: Cast) -> None:
    question = asked(room, cast.cleo)
    with pytest.raises(NotYours):
        questions.mark(question, QuestionState.ANSWERED, actor=cast.cleo)

    questions.mark(question, QuestionState.DISMISSED, actor=cast.cleo)

    assert shown(room) == []
    assert list(questions.of_room(room, user=cast.cleo)) == [question]
    assert not questions.of_room(room, user=people["kim"])


@pytest.mark.django_db(transaction=True)
def test_one_vote_a_person_from_many_sockets_at_once(cast: Cast, room: Room) -> None:
    question = asked(room, cast.ben)
    voters = [cast.ana, cast.cleo, *(make_user(f"Voter{number}") for number in range(3))]
    for voter in voters[2:]:
        add_member(cast.club, voter)

    def voting(voter: User, *, voted: bool) -> Callable[[], None]:
        return lambda: questions.vote(questions.find(question.pk), voter=voter, voted=voted)

    twice = [voting(voter, voted=True) for voter in voters for _ in range(2)]
    assert at_once(twice)[1] == []
    question.refresh_from_db()
    assert question.votes == 5

    at_once([*(voting(voter, voted=False) for voter in voters[:3]), *twice[:6]])
    counted = Question.objects.annotate(rows=Count("voters")).get()
    assert counted.votes == counted.rows


@pytest.mark.django_db(transaction=True)
def test_three_open_at_once_even_when_asked_at_once(cast: Cast, room: Room) -> None:
    def asking(text: str) -> Callable[[], Question]:
        return lambda: questions.ask(rooms.find(room.stream.room_id), author=cast.cleo, text=text)

    words = ("Which mat?", "Which shoes?", "How long?", "How low?", "Where to look?", "When to breathe?")
    returned, refused = at_once([asking(text) for text in words])

    assert (len(returned), refused) == (3, ["chat:question:too-many"] * 3)


def test_over_the_api(cast: Cast, room: Room) -> None:
    address = f"/api/chat/rooms/{room.stream.room_id}/questions"
    reply = api_as(cast.cleo).post(address, {"question": "Which\n mat?", "client_id": "q-1"}, format="json")
    question = reply.json()["question"]
    assert (reply.status_code, question["question"], question["your_vote"]) == (201, "Which mat?", False)
    for body in ({}, {"question": "\u200b"}, {"question": "x" * 201}, {"question": "Mat?", "client_id": "\u00e9"}):
        assert api_as(cast.cleo).post(address, body, format="json").status_code == 400

    one = f"/api/chat/questions/{question['id']}"
    voted = api_as(cast.ana).put(f"{one}/vote").json()["question"]
    assert (voted["votes"], voted["your_vote"]) == (1, True)
    assert api_as(cast.dov).put(f"{one}/vote").status_code == 404
    assert api_as(cast.ana).delete(f"{one}/vote").json()["question"]["votes"] == 0
    assert api_as(cast.cleo).patch(one, {"state": "answered"}, format="json").status_code == 403
    assert api_as(cast.ben).patch(one, {"state": "lost"}, format="json").status_code == 400
    assert api_as(cast.ben).patch(one, {"state": "answered"}, format="json").json()["question"]["state"] == "answered"
    Question.objects.update(asked_at=Question.objects.get().asked_at - timedelta(days=1))
    assert [row["state"] for row in api_as(cast.cleo).get(address).json()["questions"]] == ["answered"]

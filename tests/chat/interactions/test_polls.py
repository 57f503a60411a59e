"""Polls: one open at a time, one vote a person, whatever comes at once."""

import pytest

from accounts.models import User
from chat.domain import rooms
from chat.errors import NoSuchOption, NotInRoom, PollClosed, PollOpen, Refused, TalkClosed
from chat.interactions import polls
from chat.models import Poll, Room, Vote
from fitfriends.core.errors import DomainError
from streaming.domain import lifecycle
from tests.cast import Cast, add_member, api_as, make_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll(cast: Cast, room: Room) -> Poll:
    made = polls.start(room, actor=cast.ben, question="What next?", options=["Squats", "Planks"])
    return polls.find(made.pk)


def counts(poll: Poll) -> list[int]:
    return [option.votes for option in polls.shown(poll).options]


@pytest.mark.parametrize("name", ["op", "ana", "ben", "mia", "sam"])
def test_who_moderates_opens_and_closes(people: dict[str, User], room: Room, name: str) -> None:
    poll = polls.start(room, actor=people[name], question="What next?", options=["Squats", "Planks"])
    with pytest.raises(PollOpen):
        polls.start(room, actor=people["ben"], question="Another?", options=["Yes", "No"])

    closed = polls.close(polls.find(poll.pk), actor=people[name])
    again = polls.close(polls.find(poll.pk), actor=people["ben"])

    assert closed.closed_at is not None
    assert again.closed_at == closed.closed_at


@pytest.mark.parametrize("name", ["kim", "cleo", "dov", "gone"])
def test_others_open_and_close_none(people: dict[str, User], room: Room, poll: Poll, name: str) -> None:
    code = "chat:not-moderator" if name in ("kim", "cleo") else "chat:room:unknown"
    with pytest.raises(DomainError) as refused:
        polls.start(room, actor=people[name], question="Mine?", options=["Yes", "No"])
    assert refused.value.code == code
    with pytest.raises(DomainError) as refused:
        polls.close(poll, actor=people[name])
    assert refused.value.code == code

    assert Poll.objects.get().closed_at is None


def test_a_vote_may_be_changed_until_the_poll_closes(cast: Cast, poll: Poll) -> None:
    polls.vote(poll, voter=cast.cleo, option=0)
    polls.vote(poll, voter=cast.ana, option=1)
    polls.vote(poll, voter=cast.cleo, option=1)
    assert counts(poll) == [0, 2]
    assert polls.choices_of(cast.cleo, [poll.pk]) == {poll.pk: 1}

    polls.close(poll, actor=cast.ben)

    with pytest.raises(PollClosed):
        polls.vote(poll, voter=cast.cleo, option=0)
    assert counts(poll) == [0, 2]


def test_who_may_not_vote(people: dict[str, User], poll: Poll) -> None:
    for name in ("dov", "gone"):
        with pytest.raises(NotInRoom):
            polls.vote(poll, voter=people[name], option=0)
    with pytest.raises(NoSuchOption):
        polls.vote(poll, voter=people["cleo"], option=2)

    lifecycle.end(poll.room.stream, actor=people["ben"])

    ended = polls.find(poll.pk)
    with pytest.raises(TalkClosed):
        polls.vote(ended, voter=people["cleo"], option=0)
    assert polls.shown(ended).open is False
    assert not Vote.objects.exists()


def test_votes_of_many_are_counted_together_and_refused_one_by_one(people: dict[str, User], poll: Poll) -> None:
    choices = {
        people[name].pk: option for name, option in (("cleo", 1), ("ana", 0), ("sam", 4), ("dov", 0), ("gone", 0))
    }

    refused = polls.vote_all(poll, choices)

    assert {user: type(error) for user, error in refused.items()} == {
        people["sam"].pk: NoSuchOption,
        people["dov"].pk: NotInRoom,
        people["gone"].pk: NotInRoom,
    }
    assert counts(poll) == [1, 1]


def test_the_clubs_words_hold_for_a_poll_too(cast: Cast, room: Room) -> None:
    masked = polls.start(room, actor=cast.ben, question="What the fuck?", options=["Yes", "No"])

    assert masked.question == "What the ***?"
    polls.close(polls.find(masked.pk), actor=cast.ben)
    with pytest.raises(Refused):
        polls.start(room, actor=cast.ben, question="Faggots?", options=["Yes", "No"])


@pytest.mark.django_db(transaction=True)
def test_one_vote_a_person_from_many_sockets_at_once(cast: Cast, poll: Poll) -> None:
    voters = [make_user(f"Voter{number}") for number in range(6)]
    for voter in voters:
        add_member(cast.club, voter)

    def casting(voter: User, option: int) -> None:
        polls.vote(polls.find(poll.pk), voter=voter, option=option)

    jobs = [lambda v=voter, o=option: casting(v, o) for voter in voters for option in (0, 1)]
    returned, refused = at_once(jobs)

    assert (len(returned), refused) == (12, [])
    assert Vote.objects.count() == sum(counts(poll)) == 6


@pytest.mark.django_db(transaction=True)
def test_one_of_many_openings_at_once_wins(cast: Cast, room: Room) -> None:
    def opening() -> int:
        return polls.start(rooms.find(room.stream.room_id), actor=cast.ben, question="Now?", options=["A", "B"]).pk

    returned, refused = at_once([opening] * 4)

    assert len(returned) == 1
    assert refused == ["chat:poll:open"] * 3


@pytest.mark.django_db(transaction=True)
def test_no_vote_counts_after_the_result_was_told(cast: Cast, poll: Poll) -> None:
    """Votes race with the closing: whatever was refused is not counted, whatever was taken is in the result."""
    voters = [make_user(f"Voter{number}") for number in range(8)]
    for voter in voters:
        add_member(cast.club, voter)
    results: list[int] = []

    def casting(voter: User) -> None:
        polls.vote(polls.find(poll.pk), voter=voter, option=0)

    def closing() -> None:
        polls.close(polls.find(poll.pk), actor=cast.ben)
        results.append(sum(counts(poll)))

    jobs = [lambda v=voter: casting(v) for voter in voters]
    returned, refused = at_once([*jobs, closing])

    assert set(refused) <= {"chat:poll:closed"}
    assert results == [sum(counts(poll))] == [len(returned) - 1]


def test_over_the_api(cast: Cast, room: Room) -> None:
    address = f"/api/chat/rooms/{room.stream.room_id}/polls"
    opened = api_as(cast.ben).post(address, {"question": " What  next? ", "options": ["A", "B"]}, format="json")
    poll = opened.json()["poll"]
    assert (opened.status_code, poll["question"], poll["your_vote"]) == (201, "What next?", None)
    for body in ({"question": "?", "options": ["A"]}, {"question": " ", "options": ["A", "B"]}, {"question": "?"}):
        assert api_as(cast.ben).post(address, body, format="json").status_code == 400
    same = api_as(cast.ben).post(address, {"question": "?", "options": ["a", "A"]}, format="json")
    assert same.status_code == 400

    voted = api_as(cast.cleo).put(f"/api/chat/polls/{poll['id']}/vote", {"option": 1}, format="json").json()["poll"]
    assert (voted["your_vote"], voted["voters"]) == (1, 1)
    assert api_as(cast.dov).put(f"/api/chat/polls/{poll['id']}/vote", {"option": 1}, format="json").status_code == 404
    closed = api_as(cast.ben).post(f"/api/chat/polls/{poll['id']}/close").json()["poll"]
    assert closed["open"] is False
    shown = api_as(cast.cleo).get(address).json()["polls"]
    assert [(row["id"], row["your_vote"], row["voters"]) for row in shown] == [(poll["id"], 1, 1)]

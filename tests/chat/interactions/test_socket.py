"""Interactions over sockets: who hears what, what is refused, and what a fresh page is told."""

import time
from typing import Any

import pytest

from chat.interactions import hands, polls, questions
from chat.models import Poll, Question, Room
from chat.moderation import actions
from chat.threads import in_thread
from fitfriends.core import redis
from streaming.domain import lifecycle
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter, Frame, Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


async def until(socket: Socket, kind: str, is_it: Any) -> Frame:
    """The first frame of this kind that is so; earlier ones tell what was so before."""
    while True:
        frame = await socket.next(kind)
        if is_it(frame):
            return frame


async def test_a_poll_from_its_start_to_its_result(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben, ana = [await enter(stream, cast.people[name]) for name in ("cleo", "ben", "ana")]
    assert cleo.hello["floor"]["poll"] is None

    await ben.send({"type": "open_poll", "question": "What next?", "options": ["Squats", "Planks"]})
    poll = (await cleo.next("poll"))["poll"]
    assert (poll["question"], poll["open"], poll["opened_by"]) == ("What next?", True, "Ben")
    await cleo.send({"type": "vote", "id": poll["id"], "option": 0})
    assert await cleo.next("voted") == {"type": "voted", "id": poll["id"], "option": 0}
    await cleo.send({"type": "vote", "id": poll["id"], "option": 1})
    await ana.send({"type": "vote", "id": poll["id"], "option": 1})
    bars = await until(
        ben, "poll", lambda frame: frame["poll"]["voters"] == 2 and not frame["poll"]["options"][0]["votes"]
    )
    assert [option["votes"] for option in bars["poll"]["options"]] == [0, 2]
    await ben.send({"type": "close_poll", "id": poll["id"]})
    result = await until(cleo, "poll", lambda frame: not frame["poll"]["open"])
    await cleo.send({"type": "vote", "id": poll["id"], "option": 0})
    assert (await cleo.next("error"))["code"] == "chat:poll:closed"

    assert (await enter(stream, cast.cleo)).hello["floor"]["poll"] == result["poll"]


async def test_votes_of_a_crowd_are_few_frames(enter: Enter, cast: Cast, stream: Stream, room: Room) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    poll = await in_thread(polls.start)(room, actor=cast.ben, question="What next?", options=["A", "B"])

    began = time.monotonic()
    for number in range(12):
        await cleo.send({"type": "vote", "id": poll.pk, "option": number % 2})
    await until(ben, "poll", lambda frame: frame["poll"]["options"][1]["votes"] == 1)

    for _ in range(12):
        await cleo.next("voted")
    frames = [frame for frame in ben.frames if frame["type"] == "poll"]
    assert len(frames) <= 2 + time.monotonic() - began  # one a second, however long the machine takes


async def test_a_question_from_asking_to_its_answer(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben, ana = [await enter(stream, cast.people[name]) for name in ("cleo", "ben", "ana")]

    await cleo.send({"type": "ask", "question": " Do I need\na mat? ", "client_id": "q-1"})
    asked = await cleo.next("question_asked")
    assert (asked["client_id"], asked["question"]["question"]) == ("q-1", "Do I need a mat?")
    number = asked["question"]["id"]
    assert (await ana.next("questions"))["questions"] == [asked["question"]]
    await ana.send({"type": "vote_question", "id": number, "voted": True})
    assert (await ana.next("question_voted"))["voted"] is True
    await until(ben, "questions", lambda frame: frame["questions"][0]["votes"] == 1)
    await cleo.send({"type": "mark_question", "id": number, "state": "answered"})
    assert (await cleo.next("error"))["code"] == "chat:message:not-yours"
    await ben.send({"type": "mark_question", "id": number, "state": "answered"})
    answered = await until(cleo, "questions", lambda frame: frame["questions"][0]["state"] == "answered")
    assert answered["open_questions"] == 0

    assert (await enter(stream, cast.cleo)).hello["floor"]["questions"] == answered["questions"]


async def test_hands_go_up_in_their_order_and_down(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben, ana = [await enter(stream, cast.people[name]) for name in ("cleo", "ben", "ana")]

    await cleo.send({"type": "raise_hand"})
    one = await until(ben, "hands", lambda frame: frame["hands"] == 1)
    assert [hand["username"] for hand in one["people_with_hands"]] == ["Cleo"]
    assert await until(cleo, "hands", lambda frame: frame["hands"] == 1) == {
        "type": "hands",
        "hands": 1,
        "hand_up": True,
        "people_with_hands": [],
    }
    await ana.send({"type": "raise_hand"})
    await cleo.send({"type": "raise_hand"})
    two = await until(ben, "hands", lambda frame: frame["hands"] == 2)
    assert [hand["username"] for hand in two["people_with_hands"]] == ["Cleo", "Ana"]
    assert (await enter(stream, cast.cleo)).hello["hand_up"] is True

    await cleo.send({"type": "lower_hand", "user_id": cast.ana.pk})
    assert (await cleo.next("error"))["code"] == "chat:not-moderator"
    await ben.send({"type": "lower_hand", "user_id": cast.cleo.pk})
    assert (await until(cleo, "hands", lambda frame: not frame["hand_up"]))["hands"] == 1
    await ana.send({"type": "lower_hand"})
    assert (await until(ben, "hands", lambda frame: frame["hands"] == 0))["people_with_hands"] == []


async def test_a_hand_is_down_when_the_last_socket_goes(enter: Enter, cast: Cast, stream: Stream) -> None:
    one, two, ben = [await enter(stream, cast.people[name]) for name in ("cleo", "cleo", "ben")]
    await one.send({"type": "raise_hand"})
    await until(ben, "hands", lambda frame: frame["hands"] == 1)

    await one.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    await one.communicator.wait(5)
    assert await ben.quiet("hands", seconds=1.5)
    await two.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    await two.communicator.wait(5)

    assert (await until(ben, "hands", lambda frame: frame["hands"] == 0))["people_with_hands"] == []
    assert await in_thread(hands.up)(stream.room_id) == {}


async def test_a_redis_that_lost_its_memory_lowers_the_hands(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    await cleo.send({"type": "raise_hand"})
    await until(ben, "hands", lambda frame: frame["hands"] == 1)

    await in_thread(lambda: redis.client().delete(redis.key("hands", stream.room_id)))()
    await ben.send({"type": "raise_hand"})

    shown = await until(ben, "hands", lambda frame: frame["hand_up"])
    assert [hand["username"] for hand in shown["people_with_hands"]] == ["Ben"]
    assert (await until(cleo, "hands", lambda frame: not frame["hand_up"]))["hands"] == 1


COMMANDS: list[Frame] = [
    {"type": "vote", "id": 0, "option": 0},
    {"type": "close_poll", "id": 0},
    {"type": "vote_question", "id": 0, "voted": True},
    {"type": "mark_question", "id": 0, "state": "answered"},
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command["type"])
async def test_what_belongs_to_another_room_is_not_here(
    enter: Enter, cast: Cast, stream: Stream, other_room: Room, command: Frame
) -> None:
    poll = await in_thread(polls.start)(other_room, actor=cast.eva, question="Ours?", options=["Yes", "No"])
    question = await in_thread(questions.ask)(other_room, author=cast.eva, text="Ours?")
    ben = await enter(stream, cast.ben)

    await ben.send(command | {"id": poll.pk if "poll" in command["type"] or "option" in command else question.pk})

    assert (await ben.next("error"))["code"] in ("chat:poll:unknown", "chat:question:unknown")
    assert (await in_thread(Poll.objects.get)()).closed_at is None
    assert (await in_thread(Question.objects.get)()).votes == 0


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "react"},
        {"type": "react", "reaction": "bomb"},
        {"type": "react", "reaction": "flame", "media_time": "now"},
        {"type": "cheer", "user_id": "3"},
        {"type": "cheer", "user_id": True},
        {"type": "open_poll", "question": 3, "options": ["A", "B"]},
        {"type": "open_poll", "question": "What?", "options": "A, B"},
        {"type": "open_poll", "question": "What?", "options": ["A", {"b": 1}]},
        {"type": "vote", "id": 1, "option": -1},
        {"type": "vote", "id": 1, "option": 6},
        {"type": "vote", "id": 2**63, "option": 0},
        {"type": "lower_hand", "user_id": 0},
        {"type": "ask"},
        {"type": "ask", "question": "Mat?", "client_id": 5},
        {"type": "vote_question", "id": 1, "voted": 1},
        {"type": "mark_question", "id": 1, "state": "gone"},
    ],
    ids=str,
)
async def test_a_command_that_makes_no_sense(enter: Enter, cast: Cast, stream: Stream, frame: Frame) -> None:
    ben = await enter(stream, cast.ben)

    await ben.send(frame)

    assert (await ben.next("error"))["code"] == "chat:frame:field"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "open_poll", "question": "\u200b ", "options": ["A", "B"]}, "chat:floor:empty"),
        ({"type": "open_poll", "question": "x" * 141, "options": ["A", "B"]}, "chat:floor:too-long"),
        ({"type": "open_poll", "question": "What?", "options": ["A"]}, "chat:poll:options"),
        (
            {"type": "open_poll", "question": "What?", "options": ["A", "B", "C", "D", "E", "F", "G"]},
            "chat:poll:options",
        ),
        ({"type": "open_poll", "question": "What?", "options": ["A", "a"]}, "chat:poll:options"),
        ({"type": "open_poll", "question": "What?", "options": ["A", "x" * 61]}, "chat:floor:too-long"),
        ({"type": "ask", "question": "x" * 201}, "chat:floor:too-long"),
        ({"type": "ask", "question": ["Mat?"]}, "chat:frame:nested"),
        ({"type": "vote", "id": 10**9, "option": 0}, "chat:poll:unknown"),
        ({"type": "mark_question", "id": 10**9, "state": "open"}, "chat:question:unknown"),
    ],
)
async def test_what_is_refused_with_a_word(enter: Enter, cast: Cast, stream: Stream, frame: Frame, code: str) -> None:
    ben = await enter(stream, cast.ben)

    await ben.send(frame)

    assert (await ben.next("error"))["code"] == code


async def test_a_member_opens_no_poll_and_nothing_opens_after_the_class(
    enter: Enter, cast: Cast, stream: Stream
) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    await cleo.send({"type": "open_poll", "question": "Mine?", "options": ["Yes", "No"]})
    assert (await cleo.next("error"))["code"] == "chat:not-moderator"

    await in_thread(lifecycle.end)(stream, actor=cast.ben)
    await until(ben, "stream_state", lambda frame: frame["stream"]["state"] == "ended")
    for frame in (
        {"type": "open_poll", "question": "Late?", "options": ["Yes", "No"]},
        {"type": "ask", "question": "Late?"},
        {"type": "raise_hand"},
        {"type": "react", "reaction": "clap"},
    ):
        await ben.send(frame)
        assert (await ben.next("error"))["code"] == "chat:talk:closed", frame


async def test_a_time_out_holds_for_questions_and_reactions(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    cleo = await enter(stream, cast.cleo)
    await in_thread(actions.time_out)(room, user=cast.cleo, actor=cast.ben, minutes=5)
    await cleo.next("timed_out")

    for frame in (
        {"type": "ask", "question": "May I?", "client_id": "q-1"},
        {"type": "react", "reaction": "flame"},
        {"type": "cheer", "user_id": cast.ben.pk},
    ):
        await cleo.send(frame)
        refused = await cleo.next("error")
        assert (refused["code"], refused["client_id"]) == ("chat:timed-out", frame.get("client_id"))

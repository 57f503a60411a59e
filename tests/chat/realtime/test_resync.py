"""Coming back: exactly what was missed, or the last of the talk afresh."""

import threading
from typing import Any

import pytest

from chat.domain import messages, posting
from chat.models import Room
from chat.threads import in_thread
from streaming.enums import ClassRole
from streaming.models import Stream
from tests.cast import Cast
from tests.chat.conftest import Enter, Frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


@pytest.mark.parametrize("missed", [0, 1, 7])
async def test_a_returning_reader_gets_exactly_what_is_missing(
    enter: Enter, cast: Cast, stream: Stream, room: Room, missed: int
) -> None:
    cleo = await enter(stream, cast.cleo)
    post = in_thread(posting.post)
    posts = [await post(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=f"{n}") for n in range(2)]
    posts.append(await post(room, author=cast.cleo, role=ClassRole.MEMBER, text="2"))
    seen = [await cleo.next("chat_message") for _ in range(3)]
    await cleo.communicator.send_input({"type": "websocket.disconnect", "code": 1006})
    if missed:
        await in_thread(messages.delete)(posts[1].message, actor=cast.ben)
        await in_thread(messages.delete)(posts[2].message, actor=cast.ana)
        await in_thread(messages.restore)(posts[2].message, actor=cast.ana)
    for number in range(missed):
        await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=f"new {number}")

    back = await enter(stream, cast.cleo)
    await back.send({"type": "resync", "after": seen[-1]["seq"]})
    answer = await back.next("resynced")

    assert answer["fresh"] is False
    assert answer["seq"] == 3 + (missed and missed + 3)
    kinds = [event["type"] for event in answer["events"]]
    assert kinds == (["message_deleted", "message_restored"] + ["chat_message"] * missed if missed else [])
    assert applied(seen, answer["events"]) == back.hello["history"]


async def test_a_message_said_and_deleted_meanwhile_leaves_no_words(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    cleo = await enter(stream, cast.cleo)
    posted = await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="secret")
    await in_thread(messages.delete)(posted.message, actor=cast.ben)

    await cleo.send({"type": "resync", "after": 0})
    answer = await cleo.next("resynced")

    assert [(event["type"], event["seq"]) for event in answer["events"]] == [
        ("chat_message", 1),
        ("message_deleted", 2),
    ]
    assert answer["events"][0]["message"] == ""


async def test_a_message_restored_meanwhile_is_whole_for_whoever_heard_half(
    enter: Enter, cast: Cast, stream: Stream, room: Room
) -> None:
    """A note of the deletion may come late and apart from the answer: the answer says that it is over."""
    cleo = await enter(stream, cast.cleo)
    posted = await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="Bring a mat")
    await in_thread(messages.delete)(posted.message, actor=cast.ana)
    await in_thread(messages.restore)(posted.message, actor=cast.ana)

    await cleo.send({"type": "resync", "after": 0})
    answer = await cleo.next("resynced")

    assert [(event["type"], event["seq"], event["message"]) for event in answer["events"]] == [
        ("chat_message", 1, "Bring a mat"),
        ("message_restored", 3, "Bring a mat"),
    ]


async def test_nothing_overtakes_the_answer(
    enter: Enter, cast: Cast, stream: Stream, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happens after the answer was read, and before it leaves, comes after it."""
    cleo = await enter(stream, cast.cleo)
    posted = await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text="Bring a mat")
    await in_thread(messages.delete)(posted.message, actor=cast.ana)
    await cleo.next("message_deleted")
    read = messages.events_since

    def slow(*args: Any) -> messages.Missed:
        answer = read(*args)
        messages.restore(posted.message, actor=cast.ana)
        assert told.wait(5)
        return answer

    told = threading.Event()
    monkeypatch.setattr(messages, "events_since", slow)
    ben = await enter(stream, cast.ben)
    await cleo.send({"type": "resync", "after": 1})
    await ben.next("message_restored")
    told.set()

    order = [frame async for frame in cleo.until("message_restored")]
    assert [frame["type"] for frame in order if "seq" in frame] == ["chat_message", "resynced", "message_restored"]


@pytest.mark.parametrize("after", [0, 10_000])
async def test_a_gap_too_wide_brings_the_last_of_the_talk(
    enter: Enter, cast: Cast, room: Room, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(messages, "MISSED_AT_MOST", 5)
    for number in range(6):
        await in_thread(posting.post)(room, author=cast.ben, role=ClassRole.INSTRUCTOR, text=f"{number}")
    cleo = await enter(room.stream, cast.cleo)

    await cleo.send({"type": "resync", "after": after})
    answer = await cleo.next("resynced")

    assert answer["fresh"] is True
    assert answer["events"] == cleo.hello["history"]


def applied(history: list[Frame], events: list[Frame]) -> list[Frame]:
    """What a client makes of a history and what came after it."""
    known = {message["id"]: dict(message) for message in history}
    for event in events:
        if event["type"] == "chat_message":
            known[event["id"]] = event
        elif event["type"] == "message_restored":
            known[event["id"]] |= {"deleted": False, "message": event["message"]}
        else:
            known[event["id"]] |= {"deleted": True, "message": ""}
    return sorted(known.values(), key=lambda message: message["seq"])

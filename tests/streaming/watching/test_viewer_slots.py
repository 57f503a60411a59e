"""Seats are never more than there are, whatever races; presence is who is there now."""

import threading
import time

import pytest

from fitfriends.core import redis
from streaming.domain.watching import presence, viewer_slots
from streaming.domain.watching.presence import Present
from tests.streaming.entering import claim, enter

ROOM = "room-seats00000"


def age(room_id: str, user_id: int, seconds: float) -> None:
    redis.client().zincrby(viewer_slots.key(room_id), -seconds * 1000, user_id)


def test_two_who_race_for_the_last_slot() -> None:
    for number in range(4):
        assert claim(ROOM, number, slots=5)
    won: list[int] = []
    gate = threading.Barrier(20)

    def race(user_id: int) -> None:
        gate.wait()
        if claim(ROOM, user_id, slots=5):
            won.append(user_id)

    threads = [threading.Thread(target=race, args=(100 + number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), viewer_slots.taken(ROOM)) == (1, 5)


def test_a_person_has_one_slot() -> None:
    assert [claim(ROOM, 1, slots=1) for _ in range(3)] == [True] * 3
    assert not claim(ROOM, 2, slots=1)
    assert viewer_slots.holds(ROOM, 1)


def test_a_freed_slot_is_free_at_once() -> None:
    claim(ROOM, 1, slots=1)
    viewer_slots.free(ROOM, 1)

    assert claim(ROOM, 2, slots=1)


def test_a_silent_slot_is_free_after_a_while() -> None:
    claim(ROOM, 1, slots=1)
    age(ROOM, 1, 44)
    assert not claim(ROOM, 2, slots=1)

    age(ROOM, 1, 2)
    assert claim(ROOM, 2, slots=1)
    assert not claim(ROOM, 1, slots=1)


def test_rooms_do_not_share_slots() -> None:
    claim(ROOM, 1, slots=1)

    assert claim("room-another0", 2, slots=1)
    viewer_slots.remove_all(ROOM)
    assert (viewer_slots.taken(ROOM), viewer_slots.taken("room-another0")) == (0, 1)


def test_people_are_counted_once_however_they_watch() -> None:
    presence.socket_seen(ROOM, 1, "a")
    presence.socket_seen(ROOM, 1, "b")
    claim(ROOM, 1, slots=50, site=False)
    claim(ROOM, 2, slots=50, site=False)
    presence.socket_seen(ROOM, 9, "c", runs=True)

    assert presence.glance(ROOM) == presence.Glance(
        2, [Present(9, runs=True), Present(1, runs=False), Present(2, runs=False)]
    )
    assert presence.glance(ROOM, limit=2).people == [Present(9, runs=True), Present(1, runs=False)]
    assert presence.viewer_counts([ROOM, "room-empty0000"]) == {ROOM: 2, "room-empty0000": 0}


def test_one_socket_of_two_is_gone() -> None:
    presence.socket_seen(ROOM, 1, "a")
    presence.socket_seen(ROOM, 1, "b")

    presence.socket_gone(ROOM, 1, "a")
    assert presence.viewer_count(ROOM) == 1
    presence.socket_gone(ROOM, 1, "b")
    assert presence.viewer_count(ROOM) == 0


def test_what_is_not_heard_is_forgotten() -> None:
    claim(ROOM, 1, slots=50, site=False)
    presence.socket_seen(ROOM, 2, "a")

    for member in ("b:1", "s:2:a"):
        redis.client().zincrby(presence.key(ROOM), -presence.BARE_SECONDS * 1000, member)
    assert [person.user_id for person in presence.people(ROOM)] == [2]


def test_somebody_who_lost_their_rights_is_forgotten_everywhere() -> None:
    presence.socket_seen(ROOM, 1, "a")
    claim(ROOM, 1, slots=50, site=False)
    presence.socket_seen(ROOM, 11, "a")
    claim(ROOM, 12, slots=50, site=False)

    presence.forget_person(ROOM, 1)

    assert [person.user_id for person in presence.people(ROOM)] == [11, 12]


def test_a_living_socket_keeps_its_slot_and_takes_none() -> None:
    claim(ROOM, 1, slots=5)
    age(ROOM, 1, 40)

    presence.socket_seen(ROOM, 1, "a")
    presence.socket_seen(ROOM, 2, "b")

    age(ROOM, 1, 40)
    assert claim(ROOM, 3, slots=2)
    assert (viewer_slots.holds(ROOM, 1), viewer_slots.holds(ROOM, 2), viewer_slots.taken(ROOM)) == (True, False, 2)


async def test_the_sockets_side_counts_the_same() -> None:
    await presence.asocket_seen(ROOM, 1, "a")
    await presence.asocket_seen(ROOM, 2, "b", runs=True)

    assert await presence.aviewer_count(ROOM) == 1
    assert await presence.apeople(ROOM) == [Present(2, runs=True), Present(1, runs=False)]
    await presence.asocket_gone(ROOM, 1, "a")
    assert await presence.aglance(ROOM) == presence.Glance(0, [Present(2, runs=True)])


def crowd(numbers: range) -> None:
    pipeline = redis.client().pipeline()
    for number in numbers:
        pipeline.zadd(presence.key(ROOM), {f"s:{number}:x": (time.time() + 60) * 1000})
    pipeline.execute()


def test_a_join_is_counted_at_once_where_few_are() -> None:
    assert [enter(ROOM, number, site=False).viewer_count for number in (1, 2, 2, 3)] == [1, 2, 2, 3]


def test_the_count_of_a_crowd_may_lag_and_catches_up() -> None:
    crowd(range(1000))
    assert presence.viewer_count(ROOM) == 1000
    crowd(range(1000, 1100))

    deadline = time.monotonic() + 30
    while presence.viewer_count(ROOM) != 1100:
        assert time.monotonic() < deadline

    assert presence.viewer_counts([ROOM]) == {ROOM: 1100}


@pytest.mark.timeout(30)
def test_a_thousand_are_counted_quickly() -> None:
    crowd(range(1000))

    begun = time.perf_counter()
    assert presence.viewer_count(ROOM) == 1000
    assert time.perf_counter() - begun < 0.2

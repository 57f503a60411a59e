"""Seats are never more than there are, whatever races; presence is who is there now."""

import threading
import time

import pytest

from fitfriends.core import redis
from streaming.domain import presence, seats
from streaming.domain.presence import Present

ROOM = "room-seats00000"


def age(room_id: str, user_id: int, seconds: float) -> None:
    redis.client().zincrby(seats.key(room_id), -seconds * 1000, user_id)


def test_two_who_race_for_the_last_seat() -> None:
    for number in range(4):
        assert seats.claim(ROOM, number, places=5)
    won: list[int] = []
    gate = threading.Barrier(20)

    def race(user_id: int) -> None:
        gate.wait()
        if seats.claim(ROOM, user_id, places=5):
            won.append(user_id)

    threads = [threading.Thread(target=race, args=(100 + number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), seats.taken(ROOM)) == (1, 5)


def test_a_person_has_one_seat() -> None:
    assert [seats.claim(ROOM, 1, places=1) for _ in range(3)] == [True] * 3
    assert not seats.claim(ROOM, 2, places=1)
    assert seats.holds(ROOM, 1)


def test_a_freed_seat_is_free_at_once() -> None:
    seats.claim(ROOM, 1, places=1)
    seats.free(ROOM, 1)

    assert seats.claim(ROOM, 2, places=1)


def test_a_silent_seat_is_free_after_a_while() -> None:
    seats.claim(ROOM, 1, places=1)
    age(ROOM, 1, 44)
    assert not seats.claim(ROOM, 2, places=1)

    age(ROOM, 1, 2)
    assert seats.claim(ROOM, 2, places=1)
    assert not seats.claim(ROOM, 1, places=1)


def test_rooms_do_not_share_seats() -> None:
    seats.claim(ROOM, 1, places=1)

    assert seats.claim("room-another0", 2, places=1)
    seats.remove_all(ROOM)
    assert (seats.taken(ROOM), seats.taken("room-another0")) == (0, 1)


def test_people_are_counted_once_however_they_watch() -> None:
    presence.socket_seen(ROOM, 1, "a")
    presence.socket_seen(ROOM, 1, "b")
    presence.player_seen(ROOM, 1)
    presence.player_seen(ROOM, 2)
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
    presence.player_seen(ROOM, 1)
    presence.socket_seen(ROOM, 2, "a")

    for member in ("b:1", "s:2:a"):
        redis.client().zincrby(presence.key(ROOM), -presence.BARE_SECONDS * 1000, member)
    assert [person.user_id for person in presence.people(ROOM)] == [2]


def test_somebody_who_lost_their_rights_is_forgotten_everywhere() -> None:
    presence.socket_seen(ROOM, 1, "a")
    presence.player_seen(ROOM, 1)
    presence.socket_seen(ROOM, 11, "a")
    presence.player_seen(ROOM, 12)

    presence.forget_person(ROOM, 1)

    assert [person.user_id for person in presence.people(ROOM)] == [11, 12]


def test_a_living_socket_keeps_its_seat_and_takes_none() -> None:
    seats.claim(ROOM, 1, places=5)
    age(ROOM, 1, 40)

    presence.socket_seen(ROOM, 1, "a")
    presence.socket_seen(ROOM, 2, "b")

    age(ROOM, 1, 40)
    assert seats.claim(ROOM, 3, places=2)
    assert (seats.holds(ROOM, 1), seats.holds(ROOM, 2), seats.taken(ROOM)) == (True, False, 2)


async def test_the_sockets_side_counts_the_same() -> None:
    await presence.asocket_seen(ROOM, 1, "a")
    await presence.asocket_seen(ROOM, 2, "b", runs=True)

    assert await presence.aviewer_count(ROOM) == 1
    assert await presence.apeople(ROOM) == [Present(2, runs=True), Present(1, runs=False)]
    await presence.asocket_gone(ROOM, 1, "a")
    assert await presence.aglance(ROOM) == presence.Glance(0, [Present(2, runs=True)])


@pytest.mark.timeout(30)
def test_a_thousand_are_counted_quickly() -> None:
    pipeline = redis.client().pipeline()
    for number in range(1000):
        pipeline.zadd(presence.key(ROOM), {f"s:{number}:x": (time.time() + 60) * 1000})
    pipeline.execute()

    begun = time.perf_counter()
    assert presence.viewer_count(ROOM) == 1000
    assert time.perf_counter() - begun < 0.2

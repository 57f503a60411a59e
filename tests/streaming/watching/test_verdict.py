"""The delivery's verdict: who is refused, who is let in, and what a heartbeat leaves behind."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisGone

from fitfriends.asgi import application
from fitfriends.core import clock, redis
from streaming.domain.tokens import redis_clock, revocations, signing
from streaming.domain.tokens.signing import PlaybackToken
from streaming.domain.watching import device_slots, presence, verdicts, viewer_slots, viewings
from tests.streaming.entering import claim, take

ROOM = "room-verdict000"


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> verdicts.Gate:
    fresh = verdicts.Gate()
    monkeypatch.setattr(verdicts, "gate", fresh)
    return fresh


def ticket(**kw: Any) -> PlaybackToken:
    expires = int((clock.now() + timedelta(hours=1)).timestamp())
    return replace(PlaybackToken(ROOM, 7, 3, redis_clock.now(), expires), **kw)


async def ask(query: str | bytes) -> int:
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    raw = query if isinstance(query, bytes) else query.encode()
    await application({"type": "http", "path": "/_verdict", "query_string": raw}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1]["body"] == b""
    status: int = sent[0]["status"]
    return status


async def watch(token: PlaybackToken, room: str = ROOM) -> int:
    return await ask(f"room={room}&token={signing.write_playback(token)}")


async def settle(gate: verdicts.Gate) -> None:
    """As if the background task had been there in the meantime."""
    gate._refreshed = gate._flushed = 0.0
    await gate.keep()


async def test_a_good_token_is_let_in() -> None:
    assert await watch(ticket()) == 200


async def test_a_foreign_room_is_refused() -> None:
    assert await watch(ticket(), room="room-elsewhere0") == 403


async def test_an_expired_token_is_refused() -> None:
    assert await watch(ticket(expires=int(clock.now().timestamp()) - 1)) == 403


async def test_a_forged_token_is_refused() -> None:
    text = signing.write_playback(ticket())
    assert await ask(f"room={ROOM}&token={text[:-2]}AA") == 403


@pytest.mark.parametrize(
    "query",
    [
        "",
        "room=",
        "token=",
        f"room={ROOM}",
        f"room={ROOM}&token=",
        "a=b&c=d&e=f&g=h&i=j",
        b"\xff\xfe",
        "%zz",
        "room=%00&token=%00",
        "x" * 100_000,
    ],
)
async def test_nonsense_is_refused(query: str | bytes) -> None:
    assert await ask(query) == 403


async def test_a_revoked_token_is_refused_and_a_later_one_is_not(gate: verdicts.Gate) -> None:
    old = ticket()
    assert await watch(old) == 200

    await asyncio.to_thread(revocations.revoke, ROOM, 7)
    await settle(gate)

    assert await watch(old) == 403
    assert await watch(ticket()) == 200
    assert await watch(replace(old, user_id=8)) == 200


async def test_the_end_of_a_room_refuses_everybody(gate: verdicts.Gate) -> None:
    mine, theirs, elsewhere = ticket(), ticket(user_id=8), ticket(room_id="room-elsewhere0")

    await asyncio.to_thread(revocations.revoke, ROOM)
    await settle(gate)

    assert [await watch(mine), await watch(theirs)] == [403, 403]
    assert await watch(elsewhere, room="room-elsewhere0") == 200


async def test_a_process_that_starts_knows_earlier_revocations(gate: verdicts.Gate) -> None:
    old = ticket()
    await asyncio.to_thread(revocations.revoke, ROOM, 7)

    assert await watch(old) == 403
    assert len(gate.known) == 1


async def test_a_revocation_is_known_within_a_second(gate: verdicts.Gate) -> None:
    old, received = ticket(), asyncio.Queue[dict[str, Any]]()
    sent = asyncio.Queue[Mapping[str, Any]]()
    server = asyncio.create_task(application({"type": "lifespan"}, received.get, sent.put))
    await received.put({"type": "lifespan.startup"})
    assert (await sent.get())["type"] == "lifespan.startup.complete"
    assert await watch(old) == 200

    await asyncio.to_thread(revocations.revoke, ROOM, 7)
    async with asyncio.timeout(1):
        while await watch(old) == 200:  # noqa: ASYNC110 -- nobody tells, nginx asks
            await asyncio.sleep(0.02)

    await received.put({"type": "lifespan.shutdown"})
    await server
    assert (await sent.get())["type"] == "lifespan.shutdown.complete"


async def test_verdicts_go_on_without_redis(gate: verdicts.Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = ticket(), ticket(user_id=8)
    await asyncio.to_thread(revocations.revoke, ROOM, 8)
    assert await watch(good) == 200

    def gone() -> None:
        raise RedisGone("gone")

    with monkeypatch.context() as broken:
        broken.setattr(redis, "async_client", gone)
        await settle(gate)
        assert [await watch(good), await watch(bad)] == [200, 403]
        assert len(gate.buffer) == 1

    await settle(gate)
    assert len(gate.buffer) == 0


async def test_before_the_first_reading_of_revocations_nobody_is_let_in(
    gate: verdicts.Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = ticket()

    def gone() -> None:
        raise RedisGone("gone")

    with monkeypatch.context() as broken:
        broken.setattr(redis, "async_client", gone)
        assert await watch(good) == 403

    await settle(gate)
    assert await watch(good) == 200


async def test_a_bare_player_is_counted_and_a_page_is_not(gate: verdicts.Gate) -> None:
    for who in (ticket(), ticket(), ticket(user_id=8, site=True), ticket(user_id=9, stream_id=0, runs=True)):
        await watch(who)
    await settle(gate)

    assert presence.people(ROOM) == [presence.Present(7, runs=False)]
    assert (viewer_slots.holds(ROOM, 7), viewer_slots.holds(ROOM, 8), viewer_slots.holds(ROOM, 9)) == (
        True,
        True,
        False,
    )


async def test_a_slot_that_fell_silent_is_claimed_again_while_there_is_room(gate: verdicts.Gate) -> None:
    claim(ROOM, 7, slots=1)
    viewer_slots.free(ROOM, 7)

    await watch(ticket())
    await settle(gate)

    assert viewer_slots.holds(ROOM, 7)
    assert await watch(ticket()) == 200


async def test_a_slot_that_somebody_else_has_by_now_is_lost(gate: verdicts.Gate) -> None:
    claim(ROOM, 7, slots=1)
    redis.client().zincrby(viewer_slots.key(ROOM), -46_000, 7)
    assert claim(ROOM, 8, slots=1)

    await watch(ticket())
    await settle(gate)

    assert await watch(ticket()) == 403
    assert presence.viewer_count(ROOM) == 0
    assert not viewer_slots.holds(ROOM, 7)
    viewer_slots.free(ROOM, 8)
    gate.lost_slots = dict.fromkeys(gate.lost_slots, 0.0)
    assert await watch(ticket()) == 200


async def test_time_watched_is_the_time_between_heartbeats(gate: verdicts.Gate) -> None:
    await watch(ticket())
    await settle(gate)
    client = redis.client()
    for earlier in (4_000, 5_000, 60_000):  # the last one was a pause
        client.hset(viewings.HEARD, "3:7", clock.to_ms(clock.now()) - earlier)
        await watch(ticket())
        await settle(gate)

    watched = client.hget(viewings.WATCHED, "3:7")
    assert 9_000 <= int(watched or 0) < 9_500


async def test_a_device_slot_that_was_lost_is_refused_and_the_others_are_not(gate: verdicts.Gate) -> None:
    mine = [await asyncio.to_thread(take, ROOM, 7, device=name) for name in "abc"]
    await settle(gate)

    assert [await watch(ticket(device_slot=slot)) for slot in mine] == [403, 200, 200]


async def test_a_silent_device_slot_comes_back_while_there_is_room(gate: verdicts.Gate, settings: Any) -> None:
    settings.PLACES_PER_PERSON = 1
    phone = await asyncio.to_thread(take, ROOM, 7, device="phone")
    redis.client().zincrby(f"{device_slots.key_head(ROOM)}7", -46_000, phone)
    await watch(ticket(device_slot=phone))
    await settle(gate)
    assert device_slots.held(ROOM, 7) == [phone]

    redis.client().zincrby(f"{device_slots.key_head(ROOM)}7", -46_000, phone)
    tablet = await asyncio.to_thread(take, ROOM, 7, device="tablet")
    assert await watch(ticket(device_slot=phone)) == 200
    await settle(gate)
    await settle(gate)

    assert [await watch(ticket(device_slot=slot)) for slot in (phone, tablet)] == [403, 200]
    assert device_slots.held(ROOM, 7) == [tablet]


async def test_two_devices_of_one_person_are_one_viewer(gate: verdicts.Gate) -> None:
    for name in "ab":
        slot = await asyncio.to_thread(take, ROOM, 7, device=name)
        await watch(ticket(device_slot=slot))
    assert len(gate.buffer) == 2
    await settle(gate)

    assert (presence.viewer_count(ROOM), viewer_slots.taken(ROOM)) == (1, 1)

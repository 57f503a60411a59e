"""Keeping order over the socket and the API: who hears what, in every process, and what a ban ends."""

import asyncio
from typing import Any

import pytest

from chat.domain.participants import Participant
from chat.enums import Act
from chat.models import Action, Room
from chat.moderation import actions
from chat.realtime.connection import Connection
from chat.realtime.hub import RoomHub, hub
from chat.threads import in_thread
from fitfriends.core import clock
from streaming.domain import queries
from streaming.domain.tokens import redis_clock, revocations, signing
from streaming.domain.watching import presence, viewer_slots
from streaming.domain.watching.client_info import ClientInfo as Watcher
from streaming.domain.watching.playback import join
from streaming.enums import Device
from streaming.models import Stream
from tests.cast import Cast, api_as
from tests.chat.conftest import Enter, Frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.integration]


async def test_a_time_out_is_told_to_its_person_alone(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, again, ben = [await enter(stream, cast.people[name]) for name in ("cleo", "cleo", "ben")]

    await ben.send({"type": "moderate", "action": "time_out", "user_id": cast.cleo.pk, "minutes": 1})
    until = (await cleo.next("timed_out"))["until"]
    assert (await again.next("timed_out"))["until"] == until
    assert 50_000 < until - clock.to_ms(clock.now()) <= 60_000
    await cleo.say("But", client_id="b")
    refused = await cleo.next("error")
    assert (refused["code"], refused["client_id"], refused["until"]) == ("chat:timed-out", "b", until)
    assert (await enter(stream, cast.cleo)).hello["timed_out_until"] == until

    await ben.send({"type": "moderate", "action": "lift_time_out", "user_id": cast.cleo.pk})
    assert (await cleo.next("timed_out"))["until"] is None
    await cleo.say("Thank you")
    assert (await ben.next("chat_message"))["message"] == "Thank you"
    assert await ben.quiet("timed_out")


async def test_the_rules_of_the_talk_are_told_to_all_and_hold(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    assert cleo.hello["settings"]["frozen"] is False

    await ben.send({"type": "change_settings", "frozen": True})
    for reader in (cleo, ben):
        assert (await reader.next("room_settings"))["settings"]["frozen"] is True
    await cleo.say("Hello?")
    assert (await cleo.next("error"))["code"] == "chat:frozen"
    await ben.say("Listen, please")
    assert (await cleo.next("chat_message"))["message"] == "Listen, please"
    assert (await enter(stream, cast.cleo)).hello["settings"]["frozen"] is True


async def test_pinning_deleting_and_restoring_are_told(enter: Enter, cast: Cast, stream: Stream) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben)
    await cleo.say("Bring a mat")
    said = await ben.next("chat_message")

    await ben.send({"type": "pin_message", "id": said["id"]})
    assert (await cleo.next("pinned"))["message"] == said
    assert (await enter(stream, cast.ana)).hello["pinned"] == said
    await ben.send({"type": "delete_message", "id": said["id"]})
    assert (await cleo.next("message_deleted"))["seq"] == 2
    assert (await cleo.next("pinned"))["message"] is None
    await ben.send({"type": "restore_message", "id": said["id"]})

    assert await cleo.next("message_restored") == {
        "type": "message_restored",
        "id": said["id"],
        "seq": 3,
        "message": "Bring a mat",
    }
    assert (await enter(stream, cast.cleo)).hello["history"] == [said]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "moderate", "action": "time_out", "user_id": 1, "minutes": 5},
        {"type": "moderate", "action": "ban_club", "user_id": 1},
        {"type": "change_settings", "frozen": True},
        {"type": "unpin_message"},
    ],
)
async def test_a_member_moderates_nothing(enter: Enter, cast: Cast, stream: Stream, frame: Frame) -> None:
    cleo = await enter(stream, cast.cleo)

    await cleo.send(frame)

    assert (await cleo.next("error"))["code"] == "chat:not-moderator"
    assert await in_thread(Action.objects.count)() == 0


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "moderate", "action": "delete", "user_id": 1},
        {"type": "moderate", "action": "time_out", "user_id": 1},
        {"type": "moderate", "action": "ban_class", "user_id": 1, "minutes": 5},
        {"type": "moderate", "action": "ban_class", "user_id": 0},
        {"type": "moderate", "action": "ban_class", "user_id": 1, "reason": "x" * 201},
        {"type": "change_settings", "frozen": 1},
        {"type": "change_settings", "slow_seconds": 601},
    ],
)
async def test_a_command_that_makes_no_sense(enter: Enter, cast: Cast, stream: Stream, frame: Frame) -> None:
    ben = await enter(stream, cast.ben)

    await ben.send(frame)

    assert (await ben.next("error"))["code"] == "chat:frame:field"


async def test_a_change_reaches_the_hub_of_another_process(
    cast: Cast, enter: Enter, stream: Stream, room: Room
) -> None:
    """A second hub with its own channel stands for the other process: all it hears comes through Redis."""
    told: list[str] = []

    async def send(event: Any) -> None:
        told.append(event.get("text", ""))

    ben, other = await enter(stream, cast.ben), RoomHub()
    participant = Participant(stream.room_id, cast.cleo.pk, "Cleo", "member", runs=False)
    connection = Connection(participant, send, give_up=lambda _: None)
    try:
        elsewhere = await other.enter(connection)
        elsewhere.admit(connection, await elsewhere.snapshot())
        here = hub().rooms[stream.room_id]
        assert elsewhere is not here

        await ben.send({"type": "change_settings", "slow_seconds": 20})
        await ben.send({"type": "moderate", "action": "time_out", "user_id": cast.cleo.pk, "minutes": 5})
        async with asyncio.timeout(5):
            while not (elsewhere.settings_cache.timeouts and here.settings_cache.timeouts):  # noqa: ASYNC110 -- the cache learns without telling
                await asyncio.sleep(0.02)

        assert elsewhere.settings_cache.settings.slow_seconds == 20
        assert sum('"timed_out","until":1' in text for text in told) == 1
        assert here.settings_cache.timeouts == elsewhere.settings_cache.timeouts
    finally:
        await other.close()


@pytest.mark.parametrize(("act", "actor"), [(Act.BAN_CLASS, "ben"), (Act.BAN_CLUB, "ana")])
async def test_a_ban_ends_every_socket_and_playback(
    enter: Enter, cast: Cast, room: Room, act: Act, actor: str
) -> None:
    stream = room.stream
    one, two, ben = [await enter(stream, cast.people[name]) for name in ("cleo", "cleo", "ben")]

    def watch() -> signing.PlaybackToken:
        seen = queries.by_id(cast.cleo, stream.pk)
        watcher = Watcher(Device.TV, "", site=False, device="tv")
        ticket = join(cast.cleo, seen, stamp=redis_clock.now(), client=watcher)
        return signing.read_playback(ticket.token, room_id=stream.room_id, at=clock.now())

    before = await in_thread(redis_clock.now)()
    token = await in_thread(watch)()
    await in_thread(actions.act_on)(room, act, user=cast.cleo, actor=cast.people[actor])

    assert (await one.closed(), await two.closed()) == (4403, 4403)
    known = revocations.Known()
    await known.refresh()
    assert known.refuses(stream.room_id, cast.cleo.pk, token.issued)
    assert not await in_thread(viewer_slots.holds)(stream.room_id, cast.cleo.pk)
    here = await in_thread(presence.people)(stream.room_id)
    assert [present.user_id for present in here] == [cast.ben.pk]
    refused = await in_thread(lambda: api_as(cast.cleo).post(f"/api/streaming/sessions/{stream.pk}/join"))()
    assert refused.status_code == 404
    assert await (await enter(stream, cast.cleo, issued=before, welcome=False)).closed() == 4403
    assert ben.code is None


def test_owners_read_what_was_done(cast: Cast, room: Room) -> None:
    address = f"/api/chat/rooms/{room.stream.room_id}/actions"
    given = {"action": "time_out", "minutes": 10, "user_id": cast.cleo.pk, "reason": "Spam"}
    assert api_as(cast.ben).post(address, given, format="json").status_code == 200
    without = api_as(cast.ben).post(address, {"action": "time_out", "user_id": cast.cleo.pk}, format="json")
    unknown = api_as(cast.ben).post(address, {**given, "user_id": cast.eva.pk}, format="json")
    above = api_as(cast.ben).post(address, {**given, "user_id": cast.ana.pk}, format="json")
    assert [reply.status_code for reply in (without, unknown, above)] == [400, 404, 403]

    log = api_as(cast.ana).get(f"/api/chat/clubs/{cast.club.pk}/actions").json()["actions"]
    assert [(row["act"], row["actor_name"], row["target_name"], row["reason"], row["details"]) for row in log] == [
        ("time_out", "Ben", "Cleo", "Spam", {"minutes": 10})
    ]
    assert api_as(cast.eva).get(f"/api/chat/clubs/{cast.other_club.pk}/actions").json()["actions"] == []

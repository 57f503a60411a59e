"""From the stranger's side: who is not let in, who may not publish or watch, and who loses what they had."""

from typing import Any

import pytest

from accounts.models import User
from clubs.domain import memberships
from clubs.models import GroupSession, Membership
from fitfriends.core import clock
from streaming.domain import lifecycle, queries
from streaming.domain.ingest import takeover
from streaming.domain.tokens import redis_clock
from streaming.domain.watching import client_info, playback
from streaming.enums import ClassRole, Device, Mode, Role, State
from streaming.models import Stream
from streaming.webrtc import hub as signalling_hub
from streaming.webrtc.frames import Close
from streaming.webrtc.threads import in_thread
from tests.cast import Cast, add_member, make_user
from tests.chat.conftest import Socket, room_token
from tests.streaming.factories import make_stream
from tests.streaming.webrtc.conftest import SDP, Enter, PlayedGateway, change

pytestmark = pytest.mark.django_db(transaction=True)


async def attempt(sockets: list[Socket], address: str, **kw: Any) -> int:
    socket = Socket(address, **kw)
    sockets.append(socket)
    await socket.open()
    return await socket.closed()


async def refused(socket: Socket, frame: dict[str, object]) -> str:
    await socket.send(frame)
    told = await socket.next("error")
    assert told.get("for") == frame["type"]
    return str(told["code"])


# --- at the door ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "query", ["", "?token=", "?token=abc", "?token=" + "a" * 4000, "?token=%00%ff", "?token[]=x"]
)
async def test_without_a_token_of_ours_nobody_enters(
    sockets: list[Socket], gateway: PlayedGateway, stream: Stream, query: str
) -> None:
    assert await attempt(sockets, f"/webrtc/{stream.room_id}{query}") == Close.UNAUTHORISED


async def test_token_of_another_room_forged_or_expired_is_refused(
    sockets: list[Socket], gateway: PlayedGateway, stream: Stream, cast: Cast
) -> None:
    other = await in_thread(make_stream)(cast.other_session, State.LIVE)
    foreign = await in_thread(room_token)(other, cast.eva)
    expired = await in_thread(room_token)(stream, cast.cleo, expires=int(clock.now().timestamp()) - 1)
    good = await in_thread(room_token)(stream, cast.cleo)
    playing = (await in_thread(playback_token)(cast.cleo, stream)).token

    for token in (foreign, expired, good[:-2], f"x{good}", playing):
        assert await attempt(sockets, f"/webrtc/{stream.room_id}?token={token}") == Close.UNAUTHORISED


def playback_token(user: User, stream: Stream) -> playback.Ticket:
    client = client_info.ClientInfo(Device.PHONE, "", site=True, device="x")
    return playback.join(user, queries.by_id(user, stream.pk), stamp=redis_clock.now(), client=client)


async def test_unknown_rooms(sockets: list[Socket], gateway: PlayedGateway, stream: Stream) -> None:
    for room in ("room-zzzzzzzzzzzz/", "", "x", "room-%2e%2e"):
        assert await attempt(sockets, f"/webrtc/{room.rstrip('/')}?token=x") in (
            Close.UNAUTHORISED,
            Close.UNKNOWN_ROOM,
        )


async def test_token_by_subprotocol(
    sockets: list[Socket], gateway: PlayedGateway, stream: Stream, cast: Cast
) -> None:
    token = await in_thread(room_token)(stream, cast.cleo)
    for offered, chosen in (
        (["ffc.webrtc", f"ffc.token.{token}"], "ffc.webrtc"),
        ([f"ffc.token.{token}"], f"ffc.token.{token}"),
    ):
        socket = Socket(f"/webrtc/{stream.room_id}", subprotocols=offered)
        sockets.append(socket)
        await socket.open()
        assert socket.subprotocol == chosen
        assert (await socket.next("hello"))["role"] == "viewer"


async def test_who_was_removed_since_the_token_does_not_enter(
    enter: Enter, stream: Stream, cast: Cast, sockets: list[Socket]
) -> None:
    token = await in_thread(room_token)(stream, cast.cleo)
    await in_thread(membership_ends)(cast.cleo)

    assert await attempt(sockets, f"/webrtc/{stream.room_id}?token={token}") == Close.UNAUTHORISED
    # Without the revocation: the database says it.
    stranger = await enter(stream, cast.dov, hello=False)
    assert await stranger.closed() == Close.FORBIDDEN


def membership_ends(user: User) -> None:
    memberships.leave(Membership.objects.get(user=user, left_at=None).club, actor=user)


async def test_ended_class_has_no_signalling(enter: Enter, stream: Stream, cast: Cast) -> None:
    await in_thread(lifecycle.end)(stream, actor=cast.ben)

    late = await enter(stream, cast.cleo, hello=False)

    assert await late.closed() == Close.UNKNOWN_ROOM


async def test_lines_of_one_person_are_bounded(enter: Enter, stream: Stream, cast: Cast) -> None:
    for _ in range(signalling_hub.SESSIONS_A_PERSON):
        await enter(stream, cast.cleo)

    one_more = await enter(stream, cast.cleo, hello=False)

    assert await one_more.closed() == Close.FLOOD


# --- publishing ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "whose",
    [("cleo", Role.VIEWER), ("cleo", Role.PUBLISHER), ("ana", Role.PUBLISHER), ("ben", Role.VIEWER)],
)
async def test_only_the_instructor_publishes_and_with_a_publishers_token(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast, whose: tuple[str, Role]
) -> None:
    who, role = whose
    await change(stream, ingest_client_id="")
    person = cast.people[who]
    # As if its signer had been fooled: what the database says counts.
    socket = await enter(stream, person, role, class_role=ClassRole.INSTRUCTOR)

    assert socket.hello["role"] == ("publisher" if (who, role) == ("ben", Role.PUBLISHER) else "viewer")
    assert await refused(socket, {"type": "publish", "sdp": SDP}) == "webrtc:role"
    assert gateway.asked == []


async def test_publisher_is_asked_for_again_when_she_publishes(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast
) -> None:
    await change(stream, ingest_client_id="")
    ben = await enter(stream, cast.ben, Role.PUBLISHER)
    await in_thread(hand_over)(cast)

    assert await refused(ben, {"type": "publish", "sdp": SDP}) == "webrtc:role"


def hand_over(cast: Cast) -> None:
    GroupSession.objects.filter(pk=cast.session.pk).update(instructor=cast.ana)


async def test_encoder_that_is_on_the_air_keeps_its_place(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast
) -> None:
    ben = await enter(stream, cast.ben, Role.PUBLISHER)

    assert await refused(ben, {"type": "publish", "sdp": SDP}) == "webrtc:in-use"
    await in_thread(takeover.allow)(stream, actor=cast.ben)
    await ben.send({"type": "publish", "sdp": SDP})
    assert (await ben.next("answer"))["sid"] == "p1"


async def test_instructor_who_teaches_no_more_is_cut(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast
) -> None:
    await change(stream, ingest_client_id="")
    ben = await enter(stream, cast.ben, Role.PUBLISHER)
    await ben.send({"type": "publish", "sdp": SDP})
    await ben.next("answer")

    await in_thread(hand_over)(cast)

    assert await ben.closed() == Close.FORBIDDEN
    await gateway.until(lambda: not gateway.peers)


# --- watching ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"mode": Mode.BROADCAST}, "webrtc:broadcast"),
        ({"state": State.STARTING}, ""),
        ({"state": State.PREVIEW, "started_at": None}, "webrtc:state"),
        ({"state": State.SCHEDULED, "started_at": None}, "webrtc:state"),
    ],
)
async def test_members_watch_an_interactive_class_that_is_open(
    enter: Enter, stream: Stream, cast: Cast, changes: dict[str, object], refusal: str
) -> None:
    await change(stream, **changes)

    for person, code in ((cast.cleo, refusal), (cast.ana, "")):
        socket = await enter(stream, person)
        if code:
            assert await refused(socket, {"type": "subscribe"}) == code
        else:
            await socket.send({"type": "subscribe"})
            await socket.next("offer")


async def test_member_without_a_seat_takes_one_or_is_told_that_there_is_none(
    enter: Enter, stream: Stream, cast: Cast
) -> None:
    await change(stream, max_viewers=1)
    gia = await in_thread(make_user)("Gia")
    await in_thread(add_member)(cast.club, gia)
    await in_thread(playback_token)(gia, stream)
    cleo, seated = await enter(stream, cast.cleo), await enter(stream, gia)

    assert await refused(cleo, {"type": "subscribe"}) == "stream:full"
    await seated.send({"type": "subscribe"})
    await seated.next("offer")


async def test_person_watches_on_as_many_devices_as_by_hls(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast, settings: Any
) -> None:
    settings.PLACES_PER_PERSON = 2
    devices = [await enter(stream, cast.cleo) for _ in range(3)]
    for device in devices:
        await device.send({"type": "subscribe"})
        await device.next("offer")

    told = await devices[0].next("error")
    assert (told["code"], told["sid"]) == ("stream:places", "p1")
    assert list(gateway.peers) == ["p2", "p3"]


@pytest.mark.parametrize("how", ["membership", "leave", "row", "account"])
async def test_who_loses_the_right_loses_the_peer(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast, how: str
) -> None:
    cleo = await enter(stream, cast.cleo)
    await cleo.send({"type": "subscribe"})
    await cleo.next("offer")

    if how == "membership":
        await in_thread(membership_ends)(cast.cleo)
    elif how == "leave":
        await in_thread(playback.leave)(cast.cleo.pk, stream)
    elif how == "row":  # nobody was told
        await in_thread(Membership.objects.filter(user=cast.cleo).update)(left_at=clock.now())
    else:
        await in_thread(User.objects.filter(pk=cast.cleo.pk).update)(is_active=False)

    assert await cleo.closed() == Close.FORBIDDEN
    await gateway.until(lambda: not gateway.peers)


async def test_end_of_the_class_ends_all_peers(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast
) -> None:
    cleo, ben = await enter(stream, cast.cleo), await enter(stream, cast.ben, Role.PUBLISHER)
    for socket in (cleo, ben):
        await socket.send({"type": "subscribe"})
        await socket.next("offer")

    await in_thread(lifecycle.end)(stream, actor=cast.ben)

    for socket in (cleo, ben):
        assert (await socket.next("error"))["code"] == "webrtc:state"
        assert await socket.closed() == Close.UNKNOWN_ROOM
    await gateway.until(lambda: not gateway.peers)

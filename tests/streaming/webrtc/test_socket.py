"""The signalling socket: publishing, watching, and what the gateway says meanwhile."""

import pytest

from streaming.domain.ingest import keys
from streaming.domain.watching import presence, viewer_slots
from streaming.enums import Mode, Role, State
from streaming.models import Stream
from streaming.webrtc import gateway as sfu
from streaming.webrtc import housekeeping, turn
from streaming.webrtc.threads import in_thread
from tests.cast import Cast
from tests.streaming.webrtc.conftest import LINE, SDP, Enter, PlayedGateway, change

pytestmark = pytest.mark.django_db(transaction=True)
off = in_thread(presence.viewer_count)


async def test_hello_tells_a_viewer_all_it_needs(stream: Stream, cast: Cast, enter: Enter) -> None:
    cleo = await enter(stream, cast.cleo)

    assert cleo.subprotocol is None
    assert {name: cleo.hello[name] for name in ("role", "ready", "mode", "ice_servers")} == {
        "role": "viewer",
        "ready": True,
        "mode": "interactive",
        "ice_servers": [],
    }
    assert cleo.hello["limits"] == {
        "video_bitrate": 2_500_000,
        "audio_bitrate": 160_000,
        "width": 1280,
        "height": 720,
        "fps": 30,
    }
    assert cleo.hello["ice_expires_at"] - cleo.hello["server_time"] == turn.LIFE.total_seconds() * 1000


async def test_instructor_publishes_and_her_bridge_gets_the_key(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    await change(stream, ingest_client_id="")
    ben = await enter(stream, cast.ben, Role.PUBLISHER)
    assert (ben.hello["role"], ben.hello["ready"]) == ("publisher", False)

    await ben.send({"type": "publish", "sdp": SDP})

    assert await ben.next("answer") == {"type": "answer", "sid": "p1", "sdp": SDP}
    ((_, room, person, push_url),) = gateway.asked
    assert (room, person) == (stream.room_id, str(cast.ben.pk))
    assert push_url.endswith("?bridged=1")
    assert push_url.split("/")[-1].split("?")[0] not in str(ben.frames)
    gateway.say(sfu.Up("p1"))
    gateway.say(sfu.Bridge("p1", "running", "", ""))
    assert await ben.next("up") == {"type": "up", "sid": "p1"}
    assert (await ben.next("bridge"))["state"] == "running"


async def test_member_watches_and_is_counted_once(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo = await enter(stream, cast.cleo)

    await cleo.send({"type": "subscribe"})
    assert await cleo.next("offer") == {"type": "offer", "sid": "p1", "sdp": SDP}
    await cleo.send({"type": "answer", "sid": "p1", "sdp": SDP})
    await cleo.send({"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE, "sdpMid": "0"}})
    await cleo.send({"type": "candidate", "sid": "p1", "candidate": None})
    await cleo.send({"type": "state", "sid": "p1", "state": "connected"})
    await gateway.until(lambda: len(gateway.asked) == 5)

    assert gateway.asked == [
        ("subscribe", stream.room_id, str(cast.cleo.pk), gateway.asked[0][3], None),
        ("answer", "p1", SDP),
        ("candidate", "p1", sfu.Candidate(LINE, "0", None)),
        ("candidate", "p1", None),
        ("report", "p1", "connected"),
    ]
    assert gateway.asked[0][3].endswith(f"/{stream.ingest_name}")
    assert await in_thread(viewer_slots.holds)(stream.room_id, cast.cleo.pk)
    await presence.asocket_seen(stream.room_id, cast.cleo.pk, "the-talk")
    assert await off(stream.room_id) == 1
    await presence.asocket_gone(stream.room_id, cast.cleo.pk, "the-talk")
    await cleo.send({"type": "leave", "sid": "p1"})
    await gateway.until(lambda: not gateway.peers)
    await cleo.send({"type": "ping", "at": 7})
    assert await cleo.next("pong") == {"type": "pong", "at": 7}


async def test_restart_is_a_new_offer_or_answer_of_the_same_peer(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo = await enter(stream, cast.cleo)
    await cleo.send({"type": "subscribe"})
    await cleo.next("offer")

    await cleo.send({"type": "restart", "sid": "p1"})
    assert (await cleo.next("offer"))["sid"] == "p1"
    await cleo.send({"type": "restart", "sid": "p1", "sdp": SDP})
    assert (await cleo.next("error"))["code"] == "webrtc:sdp"


async def test_subscribing_again_ends_the_peer_before(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo = await enter(stream, cast.cleo)
    for sid in ("p1", "p2"):
        await cleo.send({"type": "subscribe"})
        assert (await cleo.next("offer"))["sid"] == sid

    assert list(gateway.peers) == ["p2"]


async def test_what_the_gateway_says_reaches_its_own_socket(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo, ana = await enter(stream, cast.cleo), await enter(stream, cast.ana)
    for socket in (cleo, ana):
        await socket.send({"type": "subscribe"})
        await socket.next("offer")

    gateway.say(sfu.Media("p1", "video", receiving=False))
    gateway.say(sfu.SlowLink("p2", uplink=True, lost=12))
    gateway.say(sfu.Gone("p1", "no media"))

    assert await cleo.next("media") == {"type": "media", "sid": "p1", "kind": "video", "receiving": False}
    assert await cleo.next("reconnect") == {"type": "reconnect", "sid": "p1", "reason": "no media"}
    assert await ana.next("slowlink") == {"type": "slowlink", "sid": "p2", "uplink": True, "lost": 12}
    await cleo.send({"type": "restart", "sid": "p1"})
    assert (await cleo.next("error"))["code"] == "webrtc:peer"
    await cleo.send({"type": "leave", "sid": "p2"})
    assert list(gateway.peers) == ["p1", "p2"], "somebody else's peer stays"


async def test_source_comes_and_goes(stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway) -> None:
    await change(stream, ingest_client_id="")
    cleo = await enter(stream, cast.cleo)
    assert cleo.hello["ready"] is False

    gateway.say(sfu.Ready(stream.room_id))
    assert await cleo.next("ready") == {"type": "ready"}
    gateway.say(sfu.SourceGone(stream.room_id))
    assert await cleo.next("gone") == {"type": "gone"}
    await change(stream, ingest_client_id="9", ingest_bridged=False)
    assert await cleo.next("ready") == {"type": "ready"}
    await change(stream, ingest_client_id="")
    assert await cleo.next("gone") == {"type": "gone"}


async def test_gateway_that_restarted_ends_all_peers(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo = await enter(stream, cast.cleo)
    await cleo.send({"type": "subscribe"})
    await cleo.next("offer")

    gateway.say(sfu.Reset())

    assert (await cleo.next("reconnect"))["sid"] == "p1"


async def test_reloaded_publisher_takes_over_from_herself(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    await change(stream, ingest_client_id="")
    before = await enter(stream, cast.ben, Role.PUBLISHER)
    await before.send({"type": "publish", "sdp": SDP})
    await before.next("answer")
    await change(stream, ingest_client_id="7", ingest_bridged=True)

    after = await enter(stream, cast.ben, Role.PUBLISHER)
    await after.send({"type": "publish", "sdp": SDP})
    await after.next("answer")
    gateway.say(sfu.Gone("p1", "replaced"))

    told = await before.next("error")
    assert (told["code"], told["sid"]) == ("webrtc:replaced", "p1")
    assert (await in_thread(Stream.objects.get)(pk=stream.pk)).state == State.LIVE


async def test_bridge_that_stays_refused_is_published_anew(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "REFUSED_SECONDS", 0.3)
    await change(stream, ingest_client_id="")
    ben = await enter(stream, cast.ben, Role.PUBLISHER)
    await ben.send({"type": "publish", "sdp": SDP})
    await ben.next("answer")
    before = gateway.asked[-1][-1]

    await in_thread(keys.rotate)(stream, actor=cast.ben)
    gateway.say(sfu.Bridge("p1", "failed", "bridge:refused", "Refused."))
    assert await ben.next("reconnect") == {"type": "reconnect", "sid": "p1", "reason": "bridge"}
    await ben.send({"type": "publish", "sdp": SDP})
    await ben.next("answer")

    assert list(gateway.peers) == ["p2"]
    assert gateway.asked[-1][-1] not in ("", before)


async def test_peer_that_is_being_opened_does_not_outlive_its_socket(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo = await enter(stream, cast.cleo)
    gateway.gate.clear()
    await cleo.send({"type": "subscribe"})
    await gateway.until(lambda: len(gateway.asked) == 1)

    await cleo.communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    gateway.gate.set()
    await cleo.communicator.wait(5)

    assert gateway.peers == {}


@pytest.mark.parametrize(
    "code", ["webrtc:unavailable", "webrtc:waiting", "webrtc:full", "webrtc:busy", "webrtc:codec"]
)
async def test_refusals_of_the_gateway_keep_their_codes(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway, code: str
) -> None:
    gateway.refusal = sfu.SfuError(code, "Said by the gateway.")
    cleo = await enter(stream, cast.cleo)

    await cleo.send({"type": "subscribe"})

    told = await cleo.next("error")
    assert (told["code"], told["for"]) == (code, "subscribe")
    assert ("retry_after" in told) == (code in ("webrtc:unavailable", "webrtc:waiting", "webrtc:full"))


async def test_class_becomes_a_broadcast_and_interactive_again(
    stream: Stream, cast: Cast, enter: Enter, gateway: PlayedGateway
) -> None:
    cleo, ana = await enter(stream, cast.cleo), await enter(stream, cast.ana)
    for socket in (cleo, ana):
        await socket.send({"type": "subscribe"})
        await socket.next("offer")

    await change(stream, mode=Mode.BROADCAST)

    assert await cleo.next("mode") == {"type": "mode", "mode": "broadcast"}
    await cleo.send({"type": "ping"})
    told = await cleo.next("error", within=8)
    assert told["code"] == "webrtc:broadcast"
    assert list(gateway.peers) == ["p2"], "whoever runs the class goes on"
    await change(stream, mode=Mode.INTERACTIVE)
    assert await cleo.next("mode") == {"type": "mode", "mode": "interactive"}

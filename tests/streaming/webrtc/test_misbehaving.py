"""Silence, floods, and frames that cannot be read: a code, and nothing reaches the gateway."""

import json

import pytest

from streaming.models import Stream
from streaming.webrtc import gateway as sfu
from streaming.webrtc.frame_rate import FrameRate
from streaming.webrtc.frames import FRAME_BYTES, Close
from tests.cast import Cast
from tests.chat.conftest import Socket
from tests.streaming.webrtc.conftest import LINE, Enter, PlayedGateway

pytestmark = pytest.mark.django_db(transaction=True)


async def refused(socket: Socket, frame: dict[str, object]) -> str:
    await socket.send(frame)
    told = await socket.next("error")
    assert told.get("for") == frame["type"]
    return str(told["code"])


async def test_silent_client_is_let_go_and_one_that_pings_is_not(
    enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.webrtc.consumer.SILENCE_SECONDS", 1.5)
    silent, alive = await enter(stream, cast.cleo), await enter(stream, cast.ana)
    for socket in (silent, alive):
        await socket.send({"type": "subscribe"})
        await socket.next("offer")

    while silent.code is None:
        await alive.send({"type": "ping", "at": 1})
        await alive.next("pong")
        if not await silent.quiet("nothing", seconds=0.3):
            break

    assert silent.code == Close.SILENT
    await gateway.until(lambda: list(gateway.peers) == ["p2"])


async def test_flood_ends_the_socket(enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast) -> None:
    cleo = await enter(stream, cast.cleo)
    for _ in range(FrameRate.FRAMES * 2):
        await cleo.send({"type": "ping"})

    assert await cleo.closed() == Close.FLOOD


async def test_openings_are_bounded(enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast) -> None:
    cleo = await enter(stream, cast.cleo)
    for _ in range(FrameRate.OPENINGS):
        await cleo.send({"type": "subscribe"})
        await cleo.next("offer")

    assert await refused(cleo, {"type": "subscribe"}) == "webrtc:flood"
    assert len(gateway.peers) == 1


async def test_frames_that_cannot_be_read(enter: Enter, gateway: PlayedGateway, stream: Stream, cast: Cast) -> None:
    cleo = await enter(stream, cast.cleo)
    await cleo.send("nonsense")
    assert (await cleo.next("error"))["code"] == "frame:malformed"
    await cleo.send({"type": "candidate", "sid": "p1", "candidate": {"candidate": LINE, "sdpMid": "0"}})
    told = await cleo.next("error")
    assert (told["code"], told["sid"]) == ("webrtc:peer", "p1")
    for _ in range(FrameRate.FAULTS):
        await cleo.send("nonsense")

    assert await cleo.closed() == Close.MALFORMED
    assert gateway.asked == []


async def test_frame_that_is_too_big(enter: Enter, stream: Stream, cast: Cast) -> None:
    cleo = await enter(stream, cast.cleo)
    await cleo.send(json.dumps({"type": "publish", "sdp": "v" * FRAME_BYTES}))

    assert (await cleo.next("error"))["code"] == "frame:too-big"
    assert await cleo.closed() == Close.TOO_BIG


async def test_gateway_that_is_away_is_said_so(
    sockets: list[Socket], gateway: PlayedGateway, enter: Enter, stream: Stream, cast: Cast
) -> None:
    cleo = await enter(stream, cast.cleo)
    gateway.refusal = sfu.SfuError("janus:secret:detail", "Never told to anybody.")

    assert await refused(cleo, {"type": "subscribe"}) == "webrtc:unavailable"

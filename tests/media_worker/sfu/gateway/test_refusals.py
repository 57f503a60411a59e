"""Bad input of every kind, through the gateway: a clear code, and nothing of it in Janus."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from media_worker.sfu.errors import SfuError
from media_worker.sfu.gateway import candidates, sdp
from media_worker.sfu.gateway.protocol import Candidate, Reset
from tests.media_worker.sfu.gateways import Stage, flows
from tests.media_worker.sfu.peers import Publisher

HOST = "candidate:1 1 udp 2130706431 192.0.2.9 50000 typ host"


@pytest.fixture
async def offer() -> str:
    """A good one."""
    publisher = Publisher()
    found = await publisher.offer()
    await publisher.close()
    return found


def _without(name: str) -> Callable[[str], str]:
    return lambda text: "\r\n".join(line for line in text.split("\r\n") if not line.startswith(name))


def _with(line: str) -> Callable[[str], str]:
    return lambda text: text + line + "\r\n"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _: "", "webrtc:sdp"),
        (lambda _: "v=0", "webrtc:sdp"),
        (lambda _: "v=0\r\n" * 2000, "webrtc:sdp"),
        (lambda text: text.replace("v=0", "v=1"), "webrtc:sdp"),
        (lambda text: text + "\0", "webrtc:sdp"),
        (lambda text: text + "a=\u202e\r\n", "webrtc:sdp"),
        (_with("a=x:" + "y" * 1100), "webrtc:sdp"),
        (_with("a=x\r\n" * 9000), "webrtc:sdp"),
        (_with("m=application 9 UDP/DTLS/SCTP webrtc-datachannel"), "webrtc:sdp"),
        (_with("m=video 9 RTP/AVP 96"), "webrtc:sdp"),
        (lambda text: text.replace("m=audio", "m=video"), "webrtc:sdp"),
        (lambda text: re.sub(r"m=audio \d+", "m=audio 70000", text), "webrtc:sdp"),
        (lambda text: re.sub("a=send(recv|only)", "a=recvonly", text), "webrtc:sdp"),
        (lambda text: re.sub("a=ice-ufrag:.*", "a=ice-ufrag:a b", text), "webrtc:sdp"),
        (_without("a=ice-pwd"), "webrtc:sdp"),
        (_without("a=fingerprint"), "webrtc:sdp"),
        (_without("a=setup"), "webrtc:sdp"),
        (_without("a=mid"), "webrtc:sdp"),
        (lambda text: text.replace("H264/90000", "AV1/90000"), "webrtc:codec"),
        (lambda text: text.replace("opus/48000/2", "PCMU/8000"), "webrtc:codec"),
        (_with("a=candidate:1 1 udp 1 nowhere.example 5 typ host"), "webrtc:candidate"),
        (_with("a=candidate:rubbish"), "webrtc:candidate"),
    ],
)
async def test_offer_is_refused(stage: Stage, offer: str, change: Callable[[str], str], code: str) -> None:
    before = (await stage.client.count()).handles

    with pytest.raises(SfuError) as refused:
        await stage.client.publish(stage.heard, room=stage.room, person="ben", sdp=change(offer), push_url="")

    assert refused.value.code == code
    assert (await stage.client.count()).handles == before


def test_only_what_is_known_is_passed_on(offer: str) -> None:
    strange = offer.replace(
        "a=rtcp-mux\r\n",
        "a=rtcp-mux\r\na=crypto:1 AES_CM_128 inline:x\r\na=simulcast:send a;b\r\na=rid:a send\r\nb=AS:9\r\n"
        "a=extmap:13 urn:3gpp:video-orientation\r\na=x-google-flag:conference\r\nk=prompt\r\n"
        "a=candidate:2 1 udp 1 127.0.0.1 5 typ host\r\na=candidate:3 1 udp 1 a.local 5 typ host\r\n",
    )

    assert sdp.offer(strange) == sdp.offer(offer)
    assert sdp.offer(sdp.offer(offer)) == sdp.offer(offer)


def test_offer_of_a_browser_becomes_short(offer: str) -> None:
    """Chromium offers forty payload types; Janus reads 8191 bytes."""
    more = "".join(f"a=rtpmap:{n} VP9/90000\r\na=rtcp-fb:{n} nack\r\na=fmtp:{n} x=y\r\n" for n in range(35, 65))

    assert sdp.offer(offer + more) == sdp.offer(offer)


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("", None, None),
        Candidate("rubbish", "0", 0),
        Candidate("candidate:1 1 udp 1 nowhere.example 5 typ host", "0", 0),
        Candidate(HOST + " " + "x" * 600, "0", 0),
        Candidate(HOST.replace("50000", "70000"), "0", 0),
        Candidate(HOST.replace("host", "evil"), "0", 0),
        Candidate(HOST + "\r\na=x", "0", 0),
        Candidate(HOST, "0 1", 0),
        Candidate(HOST, "0", 8),
        Candidate(HOST, None, -1),
    ],
)
async def test_candidate_is_refused(candidate: Candidate) -> None:
    with pytest.raises(SfuError) as refused:
        candidates.checked(candidate)

    assert refused.value.code == "webrtc:candidate"


def test_candidate_that_helps_nobody_is_let_fall() -> None:
    for line in (
        HOST.replace("udp", "tcp") + " tcptype active",
        HOST.replace("192.0.2.9", "4f3c.local"),
        HOST.replace("192.0.2.9", "127.0.0.1"),
        HOST.replace("192.0.2.9", "::1"),
        HOST.replace("192.0.2.9", "224.0.0.1"),
        "",
    ):
        assert candidates.checked(Candidate(line, "0", 0)) is None
    assert candidates.checked(Candidate(HOST, "0", None)) == {"candidate": HOST, "sdpMid": "0"}


async def test_flood_of_candidates_is_stopped(stage: Stage) -> None:
    publishing = await stage.publish()
    _, viewer = await stage.view()

    async def flood() -> None:
        for _ in range(200):
            await stage.client.candidate(publishing.peer, Candidate(HOST, "0", 0))

    with pytest.raises(SfuError) as refused:
        await flood()

    assert refused.value.code == "webrtc:flood"
    await flows(viewer)


async def test_flood_of_connections_is_stopped(stage: Stage) -> None:
    await stage.publish()

    async def flood() -> None:
        for _ in range(30):
            opened = await stage.client.subscribe(stage.heard, room=stage.room, person="cleo")
            await stage.client.close(opened.peer)

    with pytest.raises(SfuError) as refused:
        await flood()

    assert refused.value.code == "webrtc:flood"


async def test_answer_that_is_none_is_refused(stage: Stage) -> None:
    await stage.publish()
    opened = await stage.client.subscribe(stage.heard, room=stage.room, person="cleo")

    for answer in ("", "v=0", opened.sdp):
        with pytest.raises(SfuError) as refused:
            await stage.client.answer(opened.peer, answer)
        assert refused.value.code == "webrtc:sdp"


async def test_peer_of_another_client_is_unknown(stage: Stage) -> None:
    for attempt in (
        stage.client.answer("somebody", "v=0"),
        stage.client.candidate("somebody", None),
        stage.client.restart("somebody"),
        stage.client.report("somebody", "failed"),
    ):
        with pytest.raises(SfuError) as refused:
            await attempt
        assert refused.value.code == "webrtc:peer"


@pytest.mark.parametrize("room", ["", "../x", "a b", "x" * 65, "a.b"])
async def test_room_without_a_proper_name_is_refused(stage: Stage, room: str) -> None:
    with pytest.raises(SfuError) as refused:
        await stage.client.subscribe(stage.heard, room=room, person="p")

    assert refused.value.code == "webrtc:peer"


async def test_rubbish_on_the_socket_ends_that_connection_alone(stage: Stage, tmp_path: Path) -> None:
    await stage.client.count()
    for raw in (b"rubbish\n", b"[]\n", b"x" * 200_000 + b"\n", b"\xff\n"):
        reader, writer = await asyncio.open_unix_connection(stage.path)
        writer.write(raw)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
    reader, writer = await asyncio.open_unix_connection(stage.path)
    writer.write(json.dumps({"id": 1, "do": "fly"}).encode() + b"\n")
    assert b"error" in await reader.readline()
    writer.close()

    await stage.client.count()
    assert not any(isinstance(event, Reset) for event in stage.heard.events)


def test_socket_is_the_owners_alone(stage: Stage) -> None:
    assert stage.path.stat().st_mode & 0o777 == 0o600

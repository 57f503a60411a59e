"""WHIP by HTTP: what RFC 9725 asks for, and what is refused with which status and code."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from accounts.enums import Scope
from clubs.models import Membership
from fitfriends.asgi import application
from fitfriends.core import clock
from fitfriends.core.bucket import Buckets
from streaming.domain import lifecycle
from streaming.enums import Role
from streaming.models import Stream
from streaming.webrtc import gateway as sfu
from streaming.webrtc import turn
from streaming.webrtc.frames import SDP_CHARACTERS
from streaming.webrtc.http import resources
from streaming.webrtc.hub import hub
from streaming.webrtc.threads import in_thread
from tests.cast import Cast, make_token
from tests.chat.conftest import room_token
from tests.streaming.webrtc.conftest import LINE, PlayedGateway, change

pytestmark = pytest.mark.django_db(transaction=True)

OFFER = (
    "v=0\r\no=- 1 7 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
)
FRAGMENT = f"a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na={LINE}\r\n"
RESTART = FRAGMENT.replace("abcd\r", "wxyz\r")
_APPLICATION: Any = application  # httpx types ASGI more narrowly than its specification
TRICKLES = {"Content-Type": "application/trickle-ice-sdpfrag"}


@pytest.fixture
async def http(gateway: PlayedGateway, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(resources, "asked_by_address", Buckets(100, 100, most=100))
    monkeypatch.setattr(resources, "opened_by_person", Buckets(100, 100, most=100))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(_APPLICATION), base_url="http://club.example"
    ) as client:
        yield client
    for peer in list(gateway.peers):
        gateway.say(sfu.Gone(peer, "over"))
    await gateway.until(lambda: not hub().rooms)


@pytest.fixture
async def token(stream: Stream, cast: Cast) -> str:
    await change(stream, ingest_client_id="")
    return await in_thread(room_token)(stream, cast.ben, role=Role.PUBLISHER)


async def post(http: httpx.AsyncClient, stream: Stream, token: str, **kw: Any) -> httpx.Response:
    headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {token}"} | kw.pop("headers", {})
    return await http.post(f"/whip/{stream.room_id}", content=kw.pop("content", OFFER), headers=headers)


def code(reply: httpx.Response) -> tuple[int, str]:
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"]
    return reply.status_code, reply.json()["code"]


async def test_session_from_offer_to_goodbye(
    http: httpx.AsyncClient, gateway: PlayedGateway, stream: Stream, token: str, settings: Any
) -> None:
    settings.TURN_URLS = ["turn:turn.club.example?transport=udp"]

    made = await post(http, stream, token)

    assert (made.status_code, made.headers["content-type"]) == (201, "application/sdp")
    assert made.headers["location"].startswith(f"/whip/{stream.room_id}/")
    assert made.headers["link"].startswith('<turn:turn.club.example?transport=udp>; rel="ice-server"; username="')
    assert made.headers["access-control-allow-origin"] == "*"
    address, bears = made.headers["location"], {"Authorization": f"Bearer {token}"}
    trickled = await http.patch(
        address, content=FRAGMENT, headers=bears | TRICKLES | {"If-Match": made.headers["etag"]}
    )
    assert (trickled.status_code, trickled.content) == (204, b"")
    assert gateway.asked[-1] == ("candidate", "p1", sfu.Candidate(LINE, "0", 0))

    assert (await http.delete(address, headers=bears)).status_code == 200
    assert gateway.peers == {}
    assert code(await http.delete(address, headers=bears)) == (404, "webrtc:peer")


async def test_ice_restart_by_if_match(
    http: httpx.AsyncClient, gateway: PlayedGateway, stream: Stream, token: str
) -> None:
    made = await post(http, stream, token)
    bears = {"Authorization": f"Bearer {token}"} | TRICKLES

    again = await http.patch(made.headers["location"], content=RESTART, headers=bears | {"If-Match": "*"})

    assert (again.status_code, again.headers["content-type"]) == (200, "application/trickle-ice-sdpfrag")
    assert again.headers["etag"] not in ("", made.headers["etag"])
    _, sid, offer = gateway.asked[-1]
    assert (sid, "a=ice-ufrag:wxyz" in offer, "ufrag:abcd" in offer, "o=- 1 8 IN" in offer) == (
        "p1",
        True,
        False,
        True,
    )
    assert (LINE in offer, "192.0.2.1" in offer) == (True, False)
    old = {"If-Match": made.headers["etag"]}
    assert code(await http.patch(made.headers["location"], content=RESTART, headers=bears | old)) == (
        412,
        "webrtc:etag",
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"headers": {}}, (428, "webrtc:etag")),
        ({"headers": {"If-Match": '"other"'}}, (412, "webrtc:etag")),
        ({"content": RESTART}, (412, "webrtc:etag")),
        ({"headers": {"If-Match": "*"}, "content": f"a={LINE}"}, (400, "webrtc:candidate")),
        ({"content": "nonsense"}, (400, "webrtc:candidate")),
        ({"content": "a=ice-ufrag:!"}, (400, "webrtc:candidate")),
        ({"content": f"a={LINE}\r\n" * 50}, (400, "webrtc:candidate")),
        ({"content": b"\xff"}, (400, "webrtc:sdp")),
        ({"content": "a" * (SDP_CHARACTERS + 1)}, (413, "webrtc:sdp")),
        ({"kind": "application/json"}, (415, "http:content-type")),
    ],
)
async def test_patches_that_cannot_be_used(
    http: httpx.AsyncClient, stream: Stream, token: str, changes: dict[str, Any], found: tuple[int, str]
) -> None:
    made = await post(http, stream, token)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": changes.get("kind", TRICKLES["Content-Type"]),
        **changes.get("headers", {"If-Match": made.headers["etag"]}),
    }

    reply = await http.patch(made.headers["location"], content=changes.get("content", FRAGMENT), headers=headers)

    assert code(reply) == found


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (("", "application/sdp"), (400, "webrtc:sdp")),
        (("nonsense", "application/sdp"), (400, "webrtc:sdp")),
        ((OFFER, "text/plain"), (415, "http:content-type")),
        ((OFFER, ""), (415, "http:content-type")),
        (("v=0\r\n" + "a" * SDP_CHARACTERS, "application/sdp"), (413, "webrtc:sdp")),
    ],
)
async def test_posts_that_cannot_be_used(
    http: httpx.AsyncClient, stream: Stream, token: str, sent: tuple[str, str], found: tuple[int, str]
) -> None:
    content, kind = sent
    assert code(await post(http, stream, token, content=content, headers={"Content-Type": kind})) == found


async def test_who_may_publish(http: httpx.AsyncClient, stream: Stream, token: str, cast: Cast) -> None:
    member = await in_thread(room_token)(stream, cast.cleo, role=Role.PUBLISHER)
    viewer = await in_thread(room_token)(stream, cast.ben)
    expired = await in_thread(room_token)(stream, cast.ben, role=Role.PUBLISHER, expires=1)
    for text, found in (
        ("", (401, "auth:token")),
        ("nonsense", (401, "auth:token")),
        (f"ffc_{'x' * 40}", (401, "auth:token")),
        (expired, (401, "auth:token")),
        (member, (403, "webrtc:role")),
        (viewer, (403, "webrtc:role")),
        (await in_thread(make_token)(cast.ana), (403, "webrtc:role")),
        (await in_thread(make_token)(cast.ben, Scope.READ), (403, "auth:scope")),
        (await in_thread(make_token)(cast.dov), (404, "stream:not-found")),
    ):
        reply = await post(http, stream, text)
        assert code(reply) == found, text
        assert ("www-authenticate" in reply.headers) == (found[0] == 401)
    assert (await post(http, stream, await in_thread(make_token)(cast.ben))).status_code == 201


async def test_states_that_refuse(
    http: httpx.AsyncClient, gateway: PlayedGateway, stream: Stream, token: str, cast: Cast
) -> None:
    await change(stream, ingest_client_id="9")
    assert code(await post(http, stream, token)) == (409, "webrtc:in-use")
    await change(stream, ingest_client_id="")
    gateway.refusal = sfu.SfuError("webrtc:unavailable", "away")
    away = await post(http, stream, token)
    assert (code(away), away.headers["retry-after"]) == ((503, "webrtc:unavailable"), "2")
    await in_thread(lifecycle.end)(stream, actor=cast.ben)
    assert code(await post(http, stream, token)) == (401, "auth:token")
    assert code(await post(http, stream, await in_thread(make_token)(cast.ben))) == (409, "webrtc:state")


async def test_session_belongs_to_whoever_opened_it(
    http: httpx.AsyncClient, gateway: PlayedGateway, stream: Stream, token: str, cast: Cast
) -> None:
    address = (await post(http, stream, token)).headers["location"]
    ana = {"Authorization": f"Bearer {await in_thread(room_token)(stream, cast.ana)}"}

    assert code(await http.delete(address)) == (401, "auth:token")
    assert code(await http.delete(address, headers=ana)) == (404, "webrtc:peer")
    assert code(await http.delete(address.replace("/whip/", "/whep/"), headers=ana)) == (404, "webrtc:peer")
    assert list(gateway.peers) == ["p1"]


async def test_next_session_of_a_person_replaces_the_one_before(
    http: httpx.AsyncClient, gateway: PlayedGateway, stream: Stream, token: str
) -> None:
    for _ in range(2):
        assert (await post(http, stream, token)).status_code == 201

    assert list(gateway.peers) == ["p2"]


@pytest.mark.parametrize("how", ["media", "rights", "end"])
async def test_session_ends_with_its_peer_its_right_and_its_class(
    http: httpx.AsyncClient, gateway: PlayedGateway, stream: Stream, cast: Cast, how: str
) -> None:
    await change(stream, ingest_client_id="")
    token = await in_thread(room_token)(stream, cast.ben, role=Role.PUBLISHER)
    made = await post(http, stream, token)

    if how == "media":
        gateway.say(sfu.Gone("p1", "no media"))
    elif how == "rights":
        await in_thread(Membership.objects.filter(user=cast.ben).update)(left_at=clock.now())
    else:
        await in_thread(lifecycle.end)(stream, actor=cast.ben)

    await gateway.until(lambda: not hub().rooms)
    bears = {"Authorization": f"Bearer {token}"}
    assert code(await http.delete(made.headers["location"], headers=bears)) == (404, "webrtc:peer")


async def test_methods_and_preflights(http: httpx.AsyncClient, stream: Stream, token: str) -> None:
    address = (await post(http, stream, token)).headers["location"]
    room = f"/whip/{stream.room_id}"

    asked = {
        (verb, path): await http.request(verb, path)
        for path in (room, address)
        for verb in ("OPTIONS", "GET", "PUT", "HEAD")
    }

    assert asked["OPTIONS", room].headers["accept-post"] == "application/sdp"
    assert asked["OPTIONS", address].headers["accept-patch"] == "application/trickle-ice-sdpfrag"
    assert "If-Match" in asked["OPTIONS", address].headers["access-control-allow-headers"]
    for (verb, _), reply in asked.items():
        assert reply.status_code == (200 if verb == "OPTIONS" else 405)
    assert asked["GET", room].headers["allow"] == "POST, OPTIONS"
    for path in ("/whip/", "/whip/a/b/c", "/whip/room-zzzzzzzzzz", "/whip/%2e%2e"):
        assert (await http.post(path)).status_code in (401, 404)


async def test_attempts_are_bounded(
    http: httpx.AsyncClient, stream: Stream, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "opened_by_person", Buckets(1, 0.001, most=100))
    assert (await post(http, stream, token)).status_code == 201
    reply = await post(http, stream, token)
    assert (code(reply), int(reply.headers["retry-after"]) > 0) == ((429, "webrtc:flood"), True)
    monkeypatch.setattr(resources, "asked_by_address", Buckets(1, 0.001, most=100))
    assert [(await post(http, stream, "x")).status_code for _ in range(2)] == [401, 429]


def test_links_hold_no_line_breaks() -> None:
    assert all("\n" not in link for link in turn.links(turn.servers_for(3, at=clock.now())))

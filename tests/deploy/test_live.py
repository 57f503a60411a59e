"""The relay: media through coturn and Janus by UDP, TCP and TLS; and what it refuses."""

import asyncio
import re
import secrets
import ssl
from collections.abc import Awaitable, Callable, Iterator

import aioice.ice
import aioice.stun
import aioice.turn
import pytest
from aioice.turn import create_turn_endpoint
from aiortc import RTCConfiguration, RTCIceServer

from deploy.local import config, janus, live, render
from deploy.local.errors import StackError
from media_worker.sfu.janus.secrets import RoomSecrets
from tests.deploy import live as parts
from tests.media_worker.sfu import gateways
from tests.media_worker.sfu.peers import Publisher, Viewer
from tests.services.janus import Server


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[config.Stack]:
    """With coturn running."""
    found = parts.stack(tmp_path_factory.mktemp("live"))
    with parts.relay(found):
        yield found


@pytest.fixture(scope="module")
def sfu(stack: config.Stack) -> Iterator[Server]:
    with parts.sfu(stack, RoomSecrets(secrets.token_hex(32))) as server:
        yield server


def _urls(stack: config.Stack) -> dict[str, str]:
    host = stack.webrtc.addresses()[0]
    return {
        "udp": f"turn:{host}:{stack.webrtc.turn_port}?transport=udp",
        "tcp": f"turn:{host}:{stack.webrtc.turn_port}?transport=tcp",
        "tls": f"turns:{host}:{stack.webrtc.turns_port}?transport=tcp",
    }


@pytest.fixture
def relayed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peers that have no other way; and trust the relay's own certificate."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda *_args, **_more: [])
    plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    plain.check_hostname, plain.verify_mode = False, ssl.CERT_NONE
    made: Callable[..., Awaitable[object]] = create_turn_endpoint

    async def trusting(*arguments: object, **more: object) -> object:
        return await made(*arguments, **(more | ({"ssl": plain} if more.get("ssl") else {})))

    monkeypatch.setattr(aioice.turn, "create_turn_endpoint", trusting)


@pytest.mark.usefixtures("relayed_only")
@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_viewer_sees_by_the_relay_alone(stack: config.Stack, sfu: Server, transport: str) -> None:
    name, password = parts.credentials()
    through = RTCConfiguration([RTCIceServer(_urls(stack)[transport], name, password)])
    path = stack.live_folder / f"sfu-{transport}.sock"
    async with gateways.serving(sfu, path) as server, gateways.staged(path) as stage:
        await gateways.until(lambda: server.hub.host.janus is not None)
        await stage.publish(Publisher(configuration=through))

        _, viewer = await stage.view(Viewer(through))

        await gateways.flows(viewer)
        candidates = re.findall(r"typ (\w+)", viewer.connection.localDescription.sdp)
        assert set(candidates) == {"relay"}


async def _relay_to(stack: config.Stack, peer: str, name: str, password: str) -> bool:
    """Whether coturn carries a packet to this peer."""
    address = (stack.webrtc.addresses()[0], stack.webrtc.turn_port)
    transport, _ = await create_turn_endpoint(
        asyncio.DatagramProtocol, server_addr=address, username=name, password=password
    )
    try:
        await transport._TurnTransport__inner_protocol.channel_bind(0x4000, (peer, 9))  # type: ignore[attr-defined]
    except aioice.stun.TransactionFailed:
        return False
    else:
        return True
    finally:
        transport.close()


async def test_relay_carries_to_the_sfu_alone(stack: config.Stack) -> None:
    own = stack.webrtc.addresses()[0]
    assert await _relay_to(stack, own, *parts.credentials())

    for stranger in ("10.0.0.1", "127.0.0.1", "198.51.100.7", "169.254.169.254"):
        assert not await _relay_to(stack, stranger, *parts.credentials()), stranger


@pytest.mark.parametrize(
    "credentials",
    [
        parts.credentials("another secret"),
        parts.credentials(seconds=-60),
        ("9999999999:person", "guessed"),
    ],
    ids=["wrong secret", "expired", "guessed"],
)
async def test_relay_refuses_who_has_no_right(stack: config.Stack, credentials: tuple[str, str]) -> None:
    with pytest.raises(aioice.stun.TransactionFailed) as refused:
        await _relay_to(stack, stack.webrtc.addresses()[0], *credentials)

    assert "401" in str(refused.value)


def test_configurations_are_their_owners_alone(stack: config.Stack, sfu: Server) -> None:
    for path in (sfu.config.folder / "janus.jcfg", stack.live_folder / "coturn" / "turnserver.conf"):
        assert path.stat().st_mode & 0o077 == 0
    assert sfu.config.folder.stat().st_mode & 0o077 == 0


def test_two_stacks_share_no_port(tmp_path: object) -> None:
    one, two = live.Live(), live.Live()

    assert len(one.janus_ports) + len(one.relay_ports) == live.PORTS
    assert {one.turn_port, one.turns_port}.isdisjoint({two.turn_port, two.turns_port})


def test_address_of_the_world_is_told_beside_the_own(stack: config.Stack) -> None:
    mapped = janus.Janus(folder=stack.live_folder, ports=range(30000, 30400), public_ip="203.0.113.7")

    text = render.fill((janus.TEMPLATES / "janus.jcfg").read_text(), janus._values(mapped, RoomSecrets("x")))

    assert 'nat_1_1_mapping = "203.0.113.7"' in text
    assert "keep_private_host = true" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [("SFU_PORTS", "x"), ("SFU_PORTS", "30000-30050"), ("SFU_PUBLIC_IP", "a.b"), ("TURN_PORT", "0")],
)
def test_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(StackError, match=name):
        live.from_environment()


def test_machine_without_janus_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "missing", lambda: ["janus"])

    assert "WebRTC is off: janus" in live.advice()[0]

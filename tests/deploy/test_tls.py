"""HTTPS and RTMPS with a certificate made here: the real nginx instances, ffmpeg, and a client that verifies."""

import socket
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from deploy.local import certificate, config, ports, report
from deploy.local.errors import StackError
from tests.deploy.conftest import ROOM as VIEWED
from tests.deploy.conftest import TOKEN, Door, write_configuration
from tests.deploy.ingest import KEY, ROOM, Ingest, end, frames, until

pytestmark = pytest.mark.integration


@pytest.fixture
def stack(tmp_path: Path) -> config.Stack:
    http, rtmp, https, rtmps = ports.pick(4)
    folder = tmp_path / "tls"
    tls = config.Tls(
        certificate=folder / "cert.pem",
        key=folder / "key.pem",
        https_port=https,
        rtmps_port=rtmps,
        plain_rtmp=False,
        made_here=True,
    )
    certificate.ensure(tls)
    found = config.Stack(
        state=tmp_path / "a state",
        database_url="sqlite://:memory:",
        bind="0.0.0.0",  # noqa: S104 -- what the plain ingest must not listen on
        http_port=http,
        rtmp_port=rtmp,
        tls=tls,
    )
    write_configuration(found)
    return found


def _trusting(stack: config.Stack) -> ssl.SSLContext:
    assert stack.tls
    return ssl.create_default_context(cafile=str(stack.tls.authority))


def test_the_site_answers_over_https_to_those_who_verify(door: Door) -> None:
    reply = httpx.get(f"{door.stack.public_url}/clubs", verify=_trusting(door.stack))

    assert (reply.status_code, reply.text) == (200, "from upstream")
    assert door.app.asked[-1][2]["X-Forwarded-Proto"] == "https"
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{door.stack.public_url}/clubs")


def test_a_new_address_gets_a_certificate_of_its_own(stack: config.Stack) -> None:
    """As a phone in the same network asks for it; the one that serves is kept as it is."""
    assert stack.tls
    before = stack.tls.certificate.read_bytes()
    certificate.ensure(stack.tls, ["localhost"])
    assert stack.tls.certificate.read_bytes() == before

    moved = replace(stack, extra={"PUBLIC_URL": "https://192.0.2.77:8443"})
    certificate.ensure(stack.tls, moved.hosts)

    argv = ["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", str(stack.tls.certificate)]
    assert "IP Address:192.0.2.77" in subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert moved.environment({"REDIS_PASSWORD": "x"})["ALLOWED_HOSTS"] == "127.0.0.1,192.0.2.77,localhost"


def test_plain_http_points_to_https_whatever_host_was_asked(door: Door) -> None:
    for path in ("/clubs?page=2", f"/hls/{ROOM}/playlist.m3u8?token=x", "/_verdict"):
        reply = httpx.get(f"{door.url}{path}", headers={"Host": "evil.example"})
        assert (reply.status_code, reply.headers["location"]) == (301, f"{door.stack.public_url}{path}")
    assert door.app.asked == []


def test_a_renewed_certificate_needs_no_reload(door: Door) -> None:
    assert door.stack.tls
    before = door.stack.tls.certificate.read_text()
    door.stack.tls.certificate.unlink()
    certificate.ensure(door.stack.tls)

    assert httpx.get(f"{door.stack.public_url}/", verify=_trusting(door.stack)).status_code == 200
    assert door.stack.tls.certificate.read_text() != before


@pytest.mark.media
def test_a_broadcaster_comes_over_rtmps_with_the_own_address(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY, ingest.secure_url(KEY, "localhost"))
    until("no update came", lambda: ingest.called("update"))

    assert frames(ingest.url(ROOM)) > 5
    assert ingest.called("publish")[0]["addr"] in {"127.0.0.1", "::1"}
    end(publisher)
    until("no end was told", lambda: ingest.called("publish_done"))
    assert KEY not in ingest.log.read_text()
    assert ingest.broadcast("a-guess", ingest.secure_url("a-guess")).wait(5) != 0


@pytest.mark.media
def test_nobody_from_outside_plays_over_rtmps(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY, ingest.secure_url(KEY))
    until("no update came", lambda: ingest.called("update"))
    outside = _own_address()

    assert frames(ingest.secure_url(ROOM)) > 5
    assert frames(ingest.secure_url(ROOM, outside)) == 0
    end(publisher)


@pytest.mark.media
def test_plain_rtmp_can_be_closed_to_others(ingest: Ingest) -> None:
    for port, open_to_others in ((ingest.stack.rtmp_port, False), (ingest.stack.internal.rtmps, False)):
        with socket.socket() as probe:
            assert (probe.connect_ex(("127.0.0.2", port)) == 0) is open_to_others
    assert ingest.stack.tls
    socket.create_connection(("127.0.0.2", ingest.stack.tls.rtmps_port), 2).close()


def test_a_certificate_is_made_once_and_its_authority_cannot_sign_again(stack: config.Stack) -> None:
    assert stack.tls
    before = stack.tls.certificate.read_text()
    certificate.ensure(stack.tls)

    folder = stack.tls.certificate.parent
    assert stack.tls.certificate.read_text() == before
    assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "cert.pem", "key.pem", "names"]
    assert (folder.stat().st_mode & 0o777, stack.tls.key.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_given_certificate_must_be_there(stack: config.Stack, tmp_path: Path) -> None:
    assert stack.tls
    given = replace(stack.tls, certificate=tmp_path / "none.pem", made_here=False)

    with pytest.raises(StackError, match="TLS_CERTIFICATE"):
        certificate.ensure(given)


def test_the_demo_with_tls_tells_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.PASSED_ON:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TLS", "1")
    monkeypatch.setenv("RTMP_PLAIN", "0")

    found = config.demo()

    assert (found.public_url, found.rtmp_url) == ("https://localhost:8443", "rtmps://localhost:1936/live")
    assert found.tls
    assert not found.tls.plain_rtmp
    assert str(found.tls.authority) in report.table(found)
    monkeypatch.setenv("TLS", "yes please")
    with pytest.raises(StackError, match="TLS must be 1 or 0"):
        config.demo()


def _own_address() -> str:
    """One of this machine's that is not loopback; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        address: str = probe.getsockname()[0]
        return address


def test_viewers_over_http2_are_checked_and_held_like_the_others(door: Door) -> None:
    """Every browser comes this way; Lua's subrequests would refuse it. httpx speaks no HTTP/2 here, curl does."""
    base = f"{door.stack.public_url}/hls/{VIEWED}"
    assert _curl(door.stack, f"{base}/{TOKEN}/720p/seg-1.m4s") == "2 200"
    assert _curl(door.stack, f"{base}/{TOKEN}/720p/playlist.m3u8") == "2 200"
    assert _curl(door.stack, f"{base}/playlist.m3u8?token={TOKEN}") == "2 200"
    assert _curl(door.stack, f"{base}/{TOKEN}-forged/720p/seg-1.m4s") == "2 403"
    assert len(door.sockets.asked) == 2


def _curl(stack: config.Stack, url: str) -> str:
    assert stack.tls
    argv = ["curl", "-s", "--http2", "--cacert", str(stack.tls.authority), "-o", "/dev/null"]
    argv += ["-w", "%{http_version} %{http_code}", url]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

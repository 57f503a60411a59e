"""The RTMP instance with a real broadcaster, and a stand-in for the hooks."""

import socket
import time

import httpx
import pytest

from deploy.local import ports
from tests.deploy.ingest import KEY, ROOM, Ingest, end, frames, until

pytestmark = pytest.mark.media


def test_publisher_gets_the_rooms_name_and_the_key_stays_hidden(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    stat = httpx.get(f"http://127.0.0.1:{ingest.stack.internal.stat}/stat").text
    seen = frames(ingest.url(ROOM))
    end(publisher)
    until("no end was told", lambda: ingest.called("publish_done"))

    (begun,), (done,) = ingest.called("publish"), ingest.called("publish_done")
    assert (begun["name"], begun["secret"]) == (KEY, "hook-secret")
    assert (done["clientid"], done["secret"]) == (begun["clientid"], "hook-secret")
    assert seen > 5
    assert f"<name>{ROOM}</name>" in stat
    assert KEY not in stat
    assert KEY not in ingest.log.read_text()


def test_bridge_says_what_it_is_in_its_address(ingest: Ingest) -> None:
    publisher = ingest.broadcast(f"{KEY}?bridged=1")
    until("no update came", lambda: ingest.called("update"))

    seen = frames(ingest.url(ROOM))
    end(publisher)
    until("no end was told", lambda: ingest.called("publish_done"))

    assert seen > 5
    for kind in ("publish", "update", "publish_done"):
        call = ingest.called(kind)[0]
        assert (call["name"], call["bridged"]) == (KEY, "1")
    assert KEY not in ingest.log.read_text()


def test_unknown_key_is_refused(ingest: Ingest) -> None:
    publisher = ingest.broadcast("somebody-guesses")

    assert publisher.wait(5) != 0
    assert ingest.called("publish_done") == []


def test_refused_update_cuts_the_publisher(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    ingest.update_status = 403

    assert publisher.wait(6) != 0


def test_a_site_that_is_down_cuts_nobody_who_broadcasts(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    ingest.hooks.shutdown()
    ingest.hooks.server_close()
    time.sleep(5)

    assert publisher.poll() is None
    assert "hook-secret" not in ingest.log.read_text()
    newcomer = ingest.broadcast("somebody-else")
    assert newcomer.wait(5) != 0


def test_second_publisher_of_one_key_does_not_disturb_the_first(ingest: Ingest) -> None:
    first = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))
    second = ingest.broadcast(KEY)

    assert second.wait(5) != 0
    assert first.poll() is None
    assert frames(ingest.url(ROOM)) > 5
    newcomer = ingest.called("publish")[1]["clientid"]
    assert [form["clientid"] for form in ingest.called("publish_done")] == [newcomer]
    end(first)


@pytest.mark.skipif(not ports.has_ipv6(), reason="a second local address is needed")
def test_only_the_media_worker_may_play(ingest: Ingest) -> None:
    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))

    assert frames(ingest.url(ROOM, host="[::1]")) == 0
    assert frames(ingest.url(ROOM)) > 5
    end(publisher)


def test_garbage_leaves_the_ingest_standing(ingest: Ingest) -> None:
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x03" + bytes(1536) + b"\xff" * 5000, b"\x00", bytes(100_000)):
        with socket.create_connection(("127.0.0.1", ingest.stack.rtmp_port), 5) as connection:
            connection.sendall(garbage)

    publisher = ingest.broadcast(KEY)
    until("no update came", lambda: ingest.called("update"))
    end(publisher)

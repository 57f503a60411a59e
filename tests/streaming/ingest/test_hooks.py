"""What the RTMP ingest may ask and report: repeated, late, reordered, forged."""

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from clubs.models import Membership
from fitfriends.core import clock
from media_worker.models import TranscodeRun
from streaming.domain import lifecycle
from streaming.domain.ingest import keys, publishing
from streaming.enums import State
from streaming.models import Stream, StreamEvent
from tests.cast import Cast
from tests.streaming.callers import hook

pytestmark = pytest.mark.django_db


def fresh(stream: Stream) -> Stream:
    return Stream.objects.get(pk=stream.pk)


def test_publish_redirects_to_the_internal_name(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed

    reply = hook("publish", key, "7")

    assert (reply.status_code, reply["Location"]) == (302, stream.ingest_name)
    assert key not in reply["Location"]
    assert (fresh(stream).state, fresh(stream).ingest_client_id) == (State.PREVIEW, "7")


def test_publish_starts_a_run_of_the_internal_name(
    keyed: tuple[Stream, str], django_capture_on_commit_callbacks: Any
) -> None:
    stream, key = keyed

    with django_capture_on_commit_callbacks(execute=True):
        hook("publish", key, "7")

    run = TranscodeRun.objects.get()
    assert (run.ref, run.client_id, run.quality) == (stream.room_id, "7", "Auto")
    assert run.source_url.endswith(f"/{stream.ingest_name}")


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 5000, "\x00", "é"])
def test_a_caller_without_the_secret_is_nobody(keyed: tuple[Stream, str], secret: str) -> None:
    stream, key = keyed

    for what in ("publish", "publish_done", "update"):
        assert hook(what, key, secret=secret).status_code == 404
    assert fresh(stream).state == State.SCHEDULED


def test_hooks_are_post_only() -> None:
    assert Client().get("/hooks/rtmp/publish").status_code == 405


@pytest.mark.parametrize(
    "name", ["", "abc123", "\x00" * 27, "x" * 100_000, "../../etc/passwd", "é" * 27, "' OR 1=1 --"]
)
def test_what_is_no_key_is_refused(db: None, name: str) -> None:
    assert hook("publish", name).status_code == 403
    assert hook("update", name).status_code == 403
    assert hook("publish_done", name).status_code == 200


@pytest.mark.parametrize("client_id", ["", "a b", "\x00", "9" * 65, "é", "1\n"])
def test_a_malformed_client_id_is_refused(keyed: tuple[Stream, str], client_id: str) -> None:
    stream, key = keyed

    for what in ("publish", "update", "publish_done"):
        assert hook(what, key, client_id).status_code == 400
    assert fresh(stream).state == State.SCHEDULED


def test_an_empty_body_is_refused(db: None) -> None:
    from django.conf import settings

    assert Client().post(f"/hooks/rtmp/publish?secret={settings.HOOK_SECRET}").status_code == 400


def test_keys_tried_at_speed_are_refused_without_a_lookup(
    keyed: tuple[Stream, str], django_assert_num_queries: Any
) -> None:
    _, key = keyed
    guess = "-".join(["000000"] * 4)
    codes = [hook("publish", guess).status_code for _ in range(publishing.MAX_UNKNOWN_A_MINUTE + 1)]
    assert codes == [403] * publishing.MAX_UNKNOWN_A_MINUTE + [429]

    with django_assert_num_queries(0):
        assert hook("publish", key).status_code == 429
    assert hook("publish", key, address="203.0.113.10").status_code == 302


def test_an_address_written_behind_the_key_does_not_count(keyed: tuple[Stream, str]) -> None:
    """nginx-rtmp appends the broadcaster's own arguments to its body: the first of each name is the ingest's."""
    stream, key = keyed
    guess = "-".join(["000000"] * 4)
    for number in range(publishing.MAX_UNKNOWN_A_MINUTE):
        hook("publish", guess, addr=["203.0.113.9", f"198.51.100.{number}"])
    assert hook("publish", guess, addr=["203.0.113.9", "198.51.100.200"]).status_code == 429

    hook("publish", key, address="203.0.113.10", clientid=["5", "6"])
    assert fresh(stream).ingest_client_id == "5"


def test_a_second_publisher_is_refused_and_its_end_ends_nothing(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed
    hook("publish", key, "1")

    reply = hook("publish", key, "2")
    assert (reply.status_code, reply.content) == (409, b"stream:key:in-use")
    assert hook("publish_done", key, "2").status_code == 200

    now = fresh(stream)
    assert (now.state, now.ingest_client_id) == (State.PREVIEW, "1")
    assert "second encoder" in now.signal_note
    assert StreamEvent.objects.filter(stream=stream, kind=publishing.REFUSED).count() == 1


def test_a_repeated_publish_gets_the_same_answer(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed

    first, second = hook("publish", key, "1"), hook("publish", key, "1")

    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert fresh(stream).revision == 1


def test_a_repeated_end_is_one_end(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed
    hook("publish", key, "1")

    assert [hook("publish_done", key, "1").status_code for _ in range(2)] == [200, 200]
    assert (fresh(stream).state, fresh(stream).revision) == (State.SCHEDULED, 2)


def test_an_end_that_comes_late_does_not_end_the_successor(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed
    hook("publish", key, "1")
    hook("publish_done", key, "1")
    hook("publish", key, "2")

    hook("publish_done", key, "1")

    assert (fresh(stream).state, fresh(stream).ingest_client_id) == (State.PREVIEW, "2")


def test_an_end_before_its_publish_changes_nothing(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed

    assert hook("publish_done", key, "1").status_code == 200
    assert fresh(stream).revision == 0


def test_updates_of_the_publisher_go_on(keyed: tuple[Stream, str]) -> None:
    _, key = keyed
    hook("publish", key, "1")

    assert hook("update", key, "1").status_code == 200
    assert hook("update", key, "2").status_code == 403


def test_pullers_are_never_cut(db: None) -> None:
    assert hook("update", "in-whatever", "9", call="update_play").status_code == 200


def test_the_publisher_of_an_ended_stream_is_cut_and_not_let_in_again(cast: Cast, keyed: tuple[Stream, str]) -> None:
    stream, key = keyed
    hook("publish", key, "1")

    lifecycle.end(stream, actor=cast.ben)

    assert hook("update", key, "1").status_code == 403
    assert hook("publish", key, "2").status_code == 409


def test_a_new_key_cuts_the_old_one_and_lets_the_next_in_at_once(cast: Cast, keyed: tuple[Stream, str]) -> None:
    stream, old = keyed
    first = hook("publish", old, "1")

    new = keys.rotate(stream, actor=cast.ben)

    assert hook("update", old, "1").status_code == 403
    assert hook("publish", old, "3").status_code == 403
    taken = hook("publish", new, "2")
    assert taken.status_code == 302
    assert taken["Location"] != first["Location"]
    assert hook("publish_done", old, "1").status_code == 200
    assert fresh(stream).ingest_client_id == "2"


def test_a_publisher_whose_run_found_no_video_is_cut(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed
    hook("publish", key, "1")

    lifecycle.signal_lost(stream, client_id="1", note="Set your encoder to H.264.")

    assert hook("update", key, "1").status_code == 403
    assert hook("publish", key, "2").status_code == 302
    assert fresh(stream).signal_note == "Set your encoder to H.264."


def test_an_instructor_who_left_the_club_cannot_broadcast(cast: Cast, keyed: tuple[Stream, str]) -> None:
    _, key = keyed
    Membership.objects.filter(user=cast.ben).update(left_at=clock.now())

    assert hook("publish", key).status_code == 403


def test_a_class_that_was_given_to_somebody_else(cast: Cast, keyed: tuple[Stream, str]) -> None:
    stream, key = keyed
    hook("publish", key, "1")
    cast.session.instructor = cast.ana
    cast.session.save()

    assert hook("update", key, "1").status_code == 403
    hook("publish_done", key, "1")
    assert hook("publish", key, "2").status_code == 403
    stream.group_session = cast.session
    new = keys.reveal(stream, actor=cast.ana)
    assert hook("publish", new, "3").status_code == 302


def test_a_database_that_does_not_answer_cuts_nobody(
    keyed: tuple[Stream, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, key = keyed
    hook("publish", key, "1")

    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(keys, "find", fail)

    assert hook("update", key, "1").status_code == 200

"""The addresses of bridges, and what the ingest knows of them."""

from typing import Any

import pytest

from media_worker.models import TranscodeRun
from streaming.domain.ingest import bridge_urls, takeover
from streaming.enums import State
from streaming.models import Stream, StreamEvent
from tests.cast import Cast
from tests.streaming.callers import hook
from tests.streaming.factories import make_stream

type Known = bool | None


def fresh(stream: Stream) -> Stream:
    return Stream.objects.get(pk=stream.pk)


def test_bridge_publishes_with_the_key_and_nothing_is_revealed(
    keyed: tuple[Stream, str], cast: Cast, settings: Any
) -> None:
    stream, key = keyed
    known = StreamEvent.objects.filter(stream=stream).count()

    assert bridge_urls.push_url(stream, publisher=cast.ben) == f"{settings.RTMP_PULL_URL}/{key}?bridged=1"
    assert StreamEvent.objects.filter(stream=stream).count() == known


def test_new_instructor_gets_a_key_of_her_own(keyed: tuple[Stream, str], cast: Cast) -> None:
    stream, key = keyed
    stream.group_session.instructor = cast.ana
    stream.group_session.save()

    assert key not in bridge_urls.push_url(fresh(stream), publisher=cast.ana)


def test_ingest_knows_a_bridge_from_an_encoder(keyed: tuple[Stream, str]) -> None:
    stream, key = keyed

    hook("publish", key, "1", bridged="1")
    assert (fresh(stream).ingest_bridged, bridge_urls.pull_url(fresh(stream))) == (True, "")

    hook("publish_done", key, "1")
    hook("publish", key, "2")
    assert fresh(stream).ingest_bridged is False
    assert bridge_urls.pull_url(fresh(stream)).endswith(f"/{stream.ingest_name}")


def test_nothing_is_pulled_while_nobody_broadcasts(cast: Cast) -> None:
    assert bridge_urls.pull_url(make_stream(cast.session)) == ""


def test_bridge_takes_over_from_an_encoder_that_was_told_to_give_way(keyed: tuple[Stream, str], cast: Cast) -> None:
    stream, key = keyed
    hook("publish", key, "1")
    assert not takeover.is_allowed(fresh(stream))
    takeover.allow(fresh(stream), actor=cast.ben)

    assert takeover.is_allowed(fresh(stream))
    assert hook("publish", key, "2", bridged="1").status_code == 302
    assert (fresh(stream).ingest_client_id, fresh(stream).ingest_bridged) == ("2", True)


@pytest.mark.parametrize(
    ("codec", "b_frames", "copies"),
    [("", None, None), ("h264", None, None), ("H264", False, True), ("h264", True, False), ("hevc", False, False)],
)
def test_picture_is_copied_where_it_has_no_b_frames(cast: Cast, codec: str, b_frames: Known, copies: Known) -> None:
    stream = make_stream(cast.session, State.LIVE)
    assert bridge_urls.may_copy(stream) is None
    TranscodeRun.objects.create(ref=stream.room_id, client_id="1", video_codec=codec, b_frames=b_frames)

    assert bridge_urls.may_copy(stream) is copies

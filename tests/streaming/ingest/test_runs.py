"""What runs report becomes events of their stream: of the connected publisher, and of no other."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from redis import Redis

from fitfriends.core import clock, redis
from media_worker.enums import RunReason, RunState
from media_worker.models import TranscodeRun
from media_worker.signals import run_finished, run_playable, run_progress
from streaming import tasks
from streaming.domain import timers
from streaming.domain.ingest import successors
from streaming.domain.signal import health
from streaming.enums import State
from streaming.models import Stream
from tests.cast import Cast
from tests.streaming.factories import make_stream

pytestmark = pytest.mark.django_db


def run_of(stream: Stream, client_id: str = "1", **kw: Any) -> TranscodeRun:
    given = {"source_url": "rtmp://x/live/in", "quality": "HD", "state": RunState.FINISHED}
    return TranscodeRun.objects.create(ref=stream.room_id, client_id=client_id, **(given | kw))


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, str], int]]:
    calls: list[tuple[tuple[str, str], int]] = []
    monkeypatch.setattr(tasks.start_successor, "apply_async", lambda args, countdown: calls.append((args, countdown)))
    return calls


def finish(run: TranscodeRun) -> None:
    for _, reply in run_finished.send_robust(sender=TranscodeRun, run=run):
        assert not isinstance(reply, Exception), reply


def test_a_playable_run_makes_the_class_live(cast: Cast) -> None:
    stream = make_stream(cast.session, State.STARTING, ingest_client_id="1")

    run_playable.send_robust(sender=TranscodeRun, run=run_of(stream, "0"))
    stream.refresh_from_db()
    assert stream.state == State.STARTING

    run_playable.send_robust(sender=TranscodeRun, run=run_of(stream, "1"))
    stream.refresh_from_db()
    assert (stream.state, stream.has_picture) == (State.LIVE, True)


def test_a_run_of_no_room_is_nobodys(cast: Cast, queued: list[Any]) -> None:
    stray = TranscodeRun(ref="room-nobodys00", client_id="1", reason=RunReason.FFMPEG_FAILED)

    run_playable.send_robust(sender=TranscodeRun, run=stray)
    finish(stray)

    assert queued == []


@pytest.mark.parametrize(
    ("reason", "delays"),
    [
        (RunReason.FFMPEG_FAILED, [0, 1, 2, 4, 8]),
        (RunReason.WORKER_LOST, [0, 1, 2, 4, 8]),
        (RunReason.SOURCE_ENDED, [1, 1, 2, 4, 8]),
    ],
)
def test_successors_come_later_and_later_and_then_the_publisher_is_told(
    cast: Cast, queued: list[Any], reason: RunReason, delays: list[int]
) -> None:
    stream = make_stream(cast.session, State.LIVE)

    for _ in range(6):
        finish(run_of(stream, reason=reason))

    assert queued == [((stream.room_id, "1"), delay) for delay in delays]
    stream.refresh_from_db()
    assert (stream.state, stream.ingest_client_id) == (State.INTERRUPTED, "")
    assert "Restart your encoder" in stream.signal_note


def test_a_host_that_fails_is_tried_for_ever_and_told_of(cast: Cast, queued: list[Any]) -> None:
    stream = make_stream(cast.session, State.LIVE)

    for _ in range(8):
        finish(run_of(stream, reason=RunReason.HOST_FAILED, note="The server's disk is full."))

    assert [delay for _, delay in queued] == [0, 1, 2, 4, 8, 8, 8, 8]
    stream.refresh_from_db()
    assert (stream.state, stream.signal_note) == (State.LIVE, "The server's disk is full.")
    run_playable.send_robust(sender=TranscodeRun, run=run_of(stream))
    stream.refresh_from_db()
    assert stream.signal_note == ""


@pytest.mark.parametrize("reason", [RunReason.NO_VIDEO, RunReason.UNSUPPORTED_CODEC, RunReason.NO_CAPACITY])
def test_what_the_broadcaster_can_mend_is_said_in_words(cast: Cast, queued: list[Any], reason: RunReason) -> None:
    stream = make_stream(cast.session, State.PREVIEW)

    finish(run_of(stream, reason=reason))

    stream.refresh_from_db()
    assert (stream.state, stream.ingest_client_id, queued) == (State.SCHEDULED, "", [])
    assert stream.signal_note == successors._TELL[reason]


def test_the_runs_own_words_come_first(cast: Cast, queued: list[Any]) -> None:
    stream = make_stream(cast.session, State.PREVIEW)

    finish(run_of(stream, reason=RunReason.NO_VIDEO, note="Your encoder sends HEVC. Set it to H.264."))

    stream.refresh_from_db()
    assert stream.signal_note == "Your encoder sends HEVC. Set it to H.264."


def test_a_run_that_was_asked_to_end_has_no_successor(cast: Cast, queued: list[Any]) -> None:
    stream = make_stream(cast.session, State.LIVE)

    finish(run_of(stream, reason=RunReason.REQUESTED))
    finish(run_of(stream, "0", reason=RunReason.FFMPEG_FAILED))

    stream.refresh_from_db()
    assert (stream.state, queued) == (State.LIVE, [])


def test_a_successor_starts_only_under_its_publisher(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)

    tasks.start_successor(stream.room_id, "0")
    assert not TranscodeRun.objects.exists()

    tasks.start_successor(stream.room_id, "1")
    run = TranscodeRun.objects.get()
    assert (run.client_id, run.source_url.rpartition("/")[2]) == ("1", stream.ingest_name)


def test_the_words_about_a_signal(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE)
    facts: dict[str, Any] = {
        "state": RunState.RUNNING,
        "facts_at": clock.now(),
        "width": 1280,
        "height": 720,
        "audio_codec": "aac",
    }
    run = run_of(stream, **facts, keyframe_gap=2.0, speed=1.0)
    assert health.look(stream).words == ["All is well."]

    TranscodeRun.objects.filter(pk=run.pk).update(keyframe_gap=10.0, speed=0.5, audio_codec="")
    assert len(health.look(stream).words) == 3


STAT = b"""<rtmp><server><application><name>live</name><live>
  <stream><name>in-other</name><bw_in>1</bw_in><client><id>3</id><publishing/></client></stream>
  <stream><name>in-mine</name><time>99000</time><bw_in>2500000</bw_in>
    <client><id>9</id><time>70000</time><dropped>0</dropped><active/></client>
    <client><id>1</id><time>61000</time><dropped>4</dropped><publishing/><active/></client><publishing/></stream>
  <stream><name>in-idle</name><client><id>9</id><time>70000</time></client></stream>
</live></application></server></rtmp>"""


@pytest.mark.parametrize(("client_id", "state"), [("1", State.LIVE), ("2", State.INTERRUPTED)])
def test_a_publisher_whom_only_we_did_not_hear_stays(
    cast: Cast, settings: Any, live_stat: str, client_id: str, state: State
) -> None:
    settings.RTMP_STAT_URL = live_stat
    stream = make_stream(cast.session, State.LIVE, ingest_name="in-mine", ingest_client_id=client_id)
    earlier = clock.to_ms(clock.now()) - 60_000
    redis.client().hset(redis.key("ingest", "heard"), str(stream.pk), earlier)

    timers.keep()

    stream.refresh_from_db()
    assert stream.state == state


@pytest.fixture
def live_stat() -> Iterator[str]:
    """A page that answers as nginx-rtmp's /stat does."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(STAT)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/stat"
        server.shutdown()
        thread.join()


def test_a_safe_picture_is_passed_through_while_only_the_instructor_looks(cast: Cast, queued: list[Any]) -> None:
    stream = make_stream(cast.session, State.PREVIEW, ingest_client_id="1")
    run = run_of(stream, state=RunState.RUNNING, passes=True)

    run_progress.send_robust(sender=TranscodeRun, run=run)

    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPING, RunReason.IMPROVED)
    finish(run)
    assert queued == [((stream.room_id, "1"), 0)]


@pytest.mark.parametrize("state", [State.STARTING, State.LIVE, State.INTERRUPTED])
def test_a_safe_picture_is_left_as_it_is_once_members_may_look(cast: Cast, state: State) -> None:
    stream = make_stream(cast.session, state, ingest_client_id="1")
    run = run_of(stream, state=RunState.RUNNING, passes=True)

    run_progress.send_robust(sender=TranscodeRun, run=run)

    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_source_that_changed_gets_another_run_at_once(cast: Cast, queued: list[Any]) -> None:
    stream = make_stream(cast.session, State.LIVE, ingest_client_id="1")

    finish(run_of(stream, reason=RunReason.SOURCE_CHANGED))

    assert queued == [((stream.room_id, "1"), 0)]


def test_why_a_picture_is_converted_is_part_of_its_health(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE, ingest_client_id="1")
    run_of(
        stream,
        state=RunState.RUNNING,
        facts_at=clock.now(),
        audio_codec="AAC",
        verdict="Your picture is converted: why.",
    )

    assert health.look(stream).words == ["All is well.", "Your picture is converted: why."]


def test_a_publisher_whose_successor_was_lost_on_its_way_gets_one(cast: Cast) -> None:
    """A broker that restarted empty, a worker that died with the message."""
    long_ago = clock.now() - timedelta(minutes=1)
    stream = make_stream(cast.session, State.LIVE, ingest_since=long_ago)
    run_of(stream, finished_at=long_ago)

    timers.keep()
    timers.keep()

    assert TranscodeRun.objects.filter(ref=stream.room_id, state=RunState.QUEUED).count() == 1


def test_a_successor_that_may_still_come_is_waited_for(cast: Cast) -> None:
    stream = make_stream(cast.session, State.LIVE, ingest_since=clock.now() - timedelta(minutes=1))
    run_of(stream, finished_at=clock.now() - timedelta(seconds=9))

    timers.keep()

    assert not TranscodeRun.objects.filter(ref=stream.room_id, state=RunState.QUEUED).exists()


def test_a_redis_that_does_not_answer_keeps_no_successor_back(
    cast: Cast, queued: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = make_stream(cast.session, State.LIVE)
    closed = Redis(host="127.0.0.1", port=1)
    monkeypatch.setattr(redis, "client", lambda: closed)

    finish(run_of(stream, reason=RunReason.WORKER_LOST))

    assert queued == [((stream.room_id, "1"), 0)]

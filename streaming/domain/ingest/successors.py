"""A run ended although its publisher is still connected: another follows, or the publisher is told and cut."""

from collections.abc import Mapping
from datetime import timedelta

from redis.exceptions import RedisError

from fitfriends.core import clock, redis
from media_worker import ladder
from media_worker.domain import runs as media_runs
from media_worker.enums import RunReason
from media_worker.models import TranscodeRun
from streaming.domain import lifecycle, runs
from streaming.enums import State
from streaming.models import Stream
from streaming.signals import stream_changed

# Seconds to wait before the first, second, ... successor within a minute; after the last the publisher is cut, for
# his encoder may be at fault. Where it is our own host that is, he is kept, and the last is repeated.
DELAYS = (0, 1, 2, 4, 8)
_MEMORY = timedelta(minutes=1)
# The ingest usually says a moment later that the publisher has gone.
_SOURCE_ENDED_DELAY = 1
# A successor that has not come by then was lost on its way: a broker that restarted, a worker that died with it.
_OVERDUE = timedelta(seconds=max(DELAYS) + 4)

_NO_VIDEO = "We got no usable video within 5 seconds. Set your encoder to H.264 with a keyframe every 2 seconds."
_TELL: Mapping[str, str] = {
    RunReason.NO_VIDEO: _NO_VIDEO,
    RunReason.UNSUPPORTED_CODEC: "We cannot use this video codec. Set your encoder to H.264.",
    RunReason.TOO_LARGE: f"This picture is too large for our video workers. Set your encoder to {ladder.HD.size}.",
    RunReason.NO_CAPACITY: "All our video workers are busy. Your encoder may try again in a minute.",
}
_GIVEN_UP = "Your signal arrives, but we could not make a picture of it several times. Restart your encoder."


def of_room(ref: str) -> Stream | None:
    return Stream.objects.open().select_related("group_session").filter(room_id=ref).first()


def follow(run: TranscodeRun) -> int | None:
    """After a run's end: the seconds until its successor should start, None for no successor."""
    stream = of_room(run.ref) if run.client_id else None
    if stream is None or stream.ingest_client_id != run.client_id or run.reason == RunReason.REQUESTED:
        return None
    if run.reason == RunReason.IMPROVED:
        return 0
    if run.reason in _TELL:
        lifecycle.signal_lost(stream, client_id=run.client_id, note=(run.note or _TELL[run.reason])[:300])
        return None
    attempt = _count(run)
    if attempt > len(DELAYS) and run.reason != RunReason.HOST_FAILED:
        lifecycle.signal_lost(stream, client_id=run.client_id, note=_GIVEN_UP)
        return None
    _tell(stream, run)
    delay = DELAYS[min(attempt, len(DELAYS)) - 1]
    return max(delay, _SOURCE_ENDED_DELAY) if run.reason == RunReason.SOURCE_ENDED else delay


def repair(stream: Stream) -> bool:
    """Starts a run for a publisher who is there and whose picture nobody makes. Repeatable."""
    overdue = clock.now() - _OVERDUE
    if stream.ingest_since is None or stream.ingest_since > overdue:
        return False
    if not media_runs.unattended(stream.room_id, client_id=stream.ingest_client_id, since=overdue):
        return False
    runs.begin(stream)
    return True


def improve(run: TranscodeRun) -> bool:
    """Passes the picture through from now on, where that is safe and only the instructor is looking.

    The change costs two seconds of picture: once members are in, it waits for the next connection.
    """
    if run.copied or not run.passes:
        return False
    stream = of_room(run.ref)
    unseen = stream is not None and stream.state == State.PREVIEW and stream.ingest_client_id == run.client_id
    return unseen and media_runs.improve(run)


def _tell(stream: Stream, run: TranscodeRun) -> None:
    """The instructor reads why there is no picture until there is one again."""
    if run.note and Stream.objects.open().filter(pk=stream.pk).update(signal_note=run.note[:300]):
        stream_changed.send_robust(sender=Stream, stream=Stream.objects.get(pk=stream.pk))


def _count(run: TranscodeRun) -> int:
    """Which successor within the last minute this is, from 1."""
    key = redis.key("successors", run.ref, run.client_id)
    try:
        pipeline = redis.client().pipeline()
        pipeline.incr(key)
        pipeline.expire(key, _MEMORY, nx=True)
        return int(pipeline.execute()[0])
    except RedisError:
        return 1  # a picture sooner rather than later

"""The media worker's side of a stream: one run per publisher connection, under the room's name."""

from datetime import datetime, timedelta

from django.conf import settings

from fitfriends.core import clock
from media_worker.domain import prewarming
from media_worker.domain import runs as media_runs
from streaming.enums import State
from streaming.models import Stream


def follow(stream: Stream, publisher_before: str) -> None:
    """After the publisher changed: ends the run of the one before, starts the run of the one that is there."""
    if publisher_before:
        media_runs.request_stop(stream.room_id, client_id=publisher_before)
    if stream.ingest_client_id:
        begin(stream)


def begin(stream: Stream) -> None:
    """A run for the publisher that is connected."""
    media_runs.start(stream.room_id, client_id=stream.ingest_client_id, **_source(stream))


def expect(stream: Stream) -> None:
    """A run that waits for the publisher, where one may come any moment. Idempotent."""
    until = expected_until(stream)
    if until is not None and until > clock.now():
        prewarming.expect(stream.room_id, until=until, **_source(stream))


def expected_until(stream: Stream) -> datetime | None:
    """How long it is worth to wait: around the scheduled time, after the doors opened, while a class is held."""
    if stream.ingest_client_id:
        return None
    waiting = timedelta(minutes=settings.MEDIA_WAIT_MINUTES)
    match stream.state:
        case State.SCHEDULED:
            starts_at = stream.group_session.starts_at
            return starts_at + waiting if clock.now() >= starts_at - waiting else None
        case State.STARTING:
            return stream.state_changed_at + waiting
        case State.INTERRUPTED:
            return stream.reconnect_until
    return None


def stop(stream: Stream) -> None:
    """No more runs in this room; the media worker finishes the playlists."""
    media_runs.close(stream.room_id)


def _source(stream: Stream) -> dict[str, str]:
    return {
        "source_url": f"{settings.RTMP_PULL_URL}/{stream.ingest_name}",
        "quality": stream.quality,
        "encoder": f"instructor-{stream.group_session.instructor_id}",
    }

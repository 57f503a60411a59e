"""The media worker's side of a stream: one run per publisher connection, under the room's name."""

from django.conf import settings

from media_worker.domain import runs
from streaming.models import Stream


def follow(stream: Stream, publisher_before: str) -> None:
    """After the publisher changed: ends the run of the one before, starts the run of the one that is there."""
    if publisher_before:
        runs.request_stop(stream.room_id, client_id=publisher_before)
    if stream.ingest_client_id:
        begin(stream)


def begin(stream: Stream) -> None:
    """A run for the publisher that is connected."""
    runs.start(
        stream.room_id,
        client_id=stream.ingest_client_id,
        source_url=f"{settings.RTMP_PULL_URL}/{stream.ingest_name}",
        quality=stream.quality,
        encoder=f"instructor-{stream.group_session.instructor_id}",
    )


def stop(stream: Stream) -> None:
    """No more runs in this room; the media worker finishes the playlists."""
    runs.close(stream.room_id)

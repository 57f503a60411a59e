"""Work that happens beside a request."""

from celery import shared_task


@shared_task(name="streaming.tasks.keep_time")
def keep_time() -> None:
    from streaming.domain import timers  # -- leaf

    timers.keep()


@shared_task(name="streaming.tasks.flush_viewings")
def flush_viewings() -> None:
    from streaming.domain.watching import viewings  # -- leaf

    viewings.flush()


@shared_task(name="streaming.tasks.announce_live")
def announce_live(stream_id: int) -> None:
    from streaming.domain import announcements  # -- leaf
    from streaming.models import Stream  # -- leaf

    announcements.announce_live(Stream.objects.select_related("group_session__instructor").get(pk=stream_id))


@shared_task(name="streaming.tasks.start_successor")
def start_successor(room_id: str, client_id: str) -> None:
    """Does nothing when the publisher has gone in the meantime."""
    from streaming.domain import runs  # -- leaf
    from streaming.domain.ingest import successors  # -- leaf

    stream = successors.of_room(room_id)
    if stream is not None and stream.ingest_client_id == client_id:
        runs.begin(stream)

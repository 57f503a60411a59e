"""Sends work to Celery's workers, by the names of their tasks: the tasks import the domain, never the reverse."""

from celery import current_app
from django.db import transaction

TRANSCODE = "media_worker.tasks.transcode"
CLOSE_ROOM = "media_worker.tasks.close_room"
# A queued run that nobody claimed for this long is sent again, its message having expired.
REQUEUE_SECONDS = 15


def enqueue(run_id: int, *, countdown: float = 0) -> None:
    """Sends a queued run to whichever worker is free, after commit and `countdown` seconds.

    The message expires when the reaper would send another, so a busy queue holds one message per run.
    """
    transaction.on_commit(
        lambda: current_app.send_task(TRANSCODE, (run_id,), expires=REQUEUE_SECONDS, countdown=countdown)
    )


def enqueue_closing(ref: str) -> None:
    """Asks for the room's playlists to be closed, after commit."""
    transaction.on_commit(lambda: current_app.send_task(CLOSE_ROOM, (ref,)))

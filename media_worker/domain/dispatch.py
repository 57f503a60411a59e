"""Hands a queued run to whichever worker is free."""

from django.db import transaction

from media_worker import tasks

# A queued run that nobody claimed for this long is sent again, its message having expired.
REQUEUE_SECONDS = 15


def enqueue(run_id: int, *, countdown: float = 0) -> None:
    """After commit. The message expires when the reaper would send another: a busy queue holds one per run."""
    transaction.on_commit(
        lambda: tasks.transcode.apply_async((run_id,), expires=REQUEUE_SECONDS, countdown=countdown)
    )

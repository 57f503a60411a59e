"""The media worker's tasks: the long one that carries a run, and short chores.

Files are chores of the default queue: media slots are held for hours, and HLS_ROOT is one folder of one machine.
"""

import logging

from celery import Task, shared_task
from celery.signals import worker_process_init, worker_ready, worker_shutting_down

from fitfriends.core import clock
from media_worker.errors import RoomHeld

_CLOSE_RETRY_SECONDS = 0.5
_CLOSE_RETRIES = 60
_STARTED_AT = clock.now()
_log = logging.getLogger(__name__)


@shared_task(bind=True, name="media_worker.tasks.transcode")
def transcode(self: "Task[[int], None]", run_id: int) -> None:
    """Acknowledged before it runs: a lost one comes back by the reaper, never by the broker."""
    from media_worker.domain import transcoding  # leaf

    transcoding.carry(run_id, worker=self.request.hostname or "")


@shared_task(
    name="media_worker.tasks.close_room",
    autoretry_for=(RoomHeld,),
    retry_kwargs={"countdown": _CLOSE_RETRY_SECONDS, "max_retries": _CLOSE_RETRIES},
)
def close_room(ref: str) -> None:
    from media_worker.domain import room_files  # leaf

    room_files.close_room(ref)


@shared_task(name="media_worker.tasks.reap")
def reap() -> None:
    from media_worker.domain import reaper  # leaf

    reaper.reap(clock.now())


@shared_task(name="media_worker.tasks.retention")
def retention() -> None:
    from media_worker.domain import room_files, samples  # leaf

    try:
        room_files.forget_old(clock.now())
    finally:
        # A folder that cannot be deleted keeps no row in the database.
        samples.forget_old(clock.now())


@worker_process_init.connect
def prepare_pool(**_: object) -> None:
    """A worker killed with -9 takes its pool along, and the pool its ffmpegs: nothing goes on unwatched.

    The import is for its own sake: the first stream of a process would wait a third of a second for it.
    """
    from media_worker.domain import transcoding  # noqa: F401 -- leaf
    from media_worker.process.child import die_with_parent  # leaf

    die_with_parent()


@worker_ready.connect
def take_stock(sender: object, **_: object) -> None:
    """Killed and started again: what the worker was doing before goes on at once, not after its lease."""
    from django.db import DatabaseError, connection  # leaf

    from media_worker.domain import runs  # leaf

    try:
        runs.reclaim(str(getattr(sender, "hostname", "")), started_at=_STARTED_AT)
    except DatabaseError:
        _log.warning("what was lost before the start is left to the reaper", exc_info=True)
    finally:
        connection.close()


@worker_shutting_down.connect
def hand_over(sender: str, **_: object) -> None:
    """An orderly shutdown waits for its tasks: let them end now, so that another worker takes over."""
    from media_worker.domain import runs  # leaf

    runs.release(str(sender))

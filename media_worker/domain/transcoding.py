"""Carries a claimed run: from the settings to a supervised ffmpeg, to an outcome in the database."""

import errno
import logging
import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import DatabaseError, connection

from fitfriends.core import clock
from media_worker.domain import admission, encoder_history, runs
from media_worker.domain.claim import Claim
from media_worker.domain.heartbeat import Heartbeat
from media_worker.domain.room_files import room_layout
from media_worker.enums import Quality, RunReason
from media_worker.errors import RoomHeld
from media_worker.models import TranscodeRun
from media_worker.process import refusals
from media_worker.process.contract import Limits, Outcome, Push, RunSpec, Tools
from media_worker.process.ownership import Ownership
from media_worker.process.supervisor import supervise

_log = logging.getLogger(__name__)
_WAIT_STEP_SECONDS = 0.1
_FULL = {errno.ENOSPC, errno.EDQUOT}


def carry(run_id: int, *, worker: str) -> Outcome | None:
    """Claims the run and carries it to its end, which may take hours. None: it could not be claimed.

    Waits for the room's run before it. Where that takes longer than a lease, the run stays queued and the reaper
    sends it again.
    """
    claimed = _claim_in_time(run_id, worker)
    if claimed is None:
        return None
    run, claim = claimed
    _log.info("run %s of %s begins", run.pk, run.ref)
    outcome = _carry(run, claim)
    if outcome.reason is RunReason.NO_CAPACITY:
        _until_written(lambda: runs.hand_back(claim, outcome))
        return outcome
    ended = _until_written(lambda: runs.finish(claim, outcome))
    reason = ended.reason if ended else RunReason.WORKER_LOST
    _log.info("run %s of %s ended: %s %s", run.pk, run.ref, reason, outcome.detail)
    return outcome


def _until_written[T](write: Callable[[], T]) -> T:
    """Retries a write for as long as a lease: the connection may be dead, the database away.

    After that the reaper writes the same. Raises DatabaseError then.
    """
    until = time.monotonic() + settings.RUN_LEASE_SECONDS
    while True:
        try:
            return write()
        except DatabaseError:
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(_WAIT_STEP_SECONDS)


def _seconds_to_wait(run: TranscodeRun) -> float | None:
    if run.client_id or run.wait_until is None:
        return None
    return max(0.0, (run.wait_until - clock.now()).total_seconds())


def _claim_in_time(run_id: int, worker: str) -> tuple[TranscodeRun, Claim] | None:
    deadline = time.monotonic() + settings.RUN_LEASE_SECONDS + Limits().stop_grace
    while True:
        try:
            return runs.claim(run_id, worker=worker)
        except RoomHeld:
            if time.monotonic() > deadline:
                return None
            time.sleep(_WAIT_STEP_SECONDS)


def _carry(run: TranscodeRun, claim: Claim) -> Outcome:
    owned = Ownership(room_layout(run.ref), run=run.pk)
    heartbeat = Heartbeat(claim, lease_seconds=settings.RUN_LEASE_SECONDS, ours=lambda: owned.ours)
    with heartbeat:
        try:
            with owned:
                return supervise(_spec(run, claim), events=heartbeat, control=heartbeat.control)
        except OSError as error:
            # A full disk, a missing ffmpeg: our own fault, and the instructor must be told.
            _log.exception("run %s cannot go on", run.pk)
            note = refusals.DISK_FULL if error.errno in _FULL else refusals.HOST
            return Outcome(RunReason.HOST_FAILED, note, detail=str(error))


def _spec(run: TranscodeRun, claim: Claim) -> RunSpec:
    return RunSpec(
        run=run.pk,
        layout=room_layout(run.ref),
        source_url=run.source_url,
        quality=Quality(run.quality),
        window=settings.DVR_WINDOW_MINUTES * 60,
        tools=Tools(
            ffmpeg=settings.FFMPEG_PATH,
            ffprobe=settings.FFPROBE_PATH,
            stat_url=settings.RTMP_STAT_URL,
            niceness=-settings.TRANSCODER_PRIORITY,
        ),
        limits=Limits(no_video=settings.NO_VIDEO_SECONDS),
        push=Push(settings.HLS_PUSH_URL, settings.HOOK_SECRET),
        history=encoder_history.of(run),
        budget=admission.budget(),
        admit=partial(admission.admit, claim),
        wait=_seconds_to_wait(run),
    )

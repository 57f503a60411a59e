"""A run's life in the database. Every change is a guarded UPDATE; a worker proves itself by its token."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from fitfriends.core import clock
from media_worker import signals
from media_worker.domain import lease, prewarming
from media_worker.domain.claim import Claim
from media_worker.domain.dispatch import REQUEUE_SECONDS, enqueue, enqueue_closing
from media_worker.enums import HELD, MISHAPS, OPEN, Quality, RunReason, RunState
from media_worker.errors import RoomHeld
from media_worker.models import TranscodeRun
from media_worker.process import refusals
from media_worker.process.contract import Outcome
from media_worker.source import Source

_MOST_REQUEUES = 4
_RETRY_SECONDS = 2


def start(ref: str, *, client_id: str, source_url: str, quality: str, encoder: str = "") -> TranscodeRun:
    """Queues a run for this connection, or returns the open one that it has already. Idempotent.

    The task goes out after commit. The run begins when the room's run before it is over. `encoder` names whose
    signal it is, so that what earlier runs learned of it is used. A run that waits for it becomes this one.
    """
    own = TranscodeRun.objects.filter(ref=ref, client_id=client_id)
    try:
        with transaction.atomic():
            run = own.filter(state__in=OPEN).first()
            if run is None and prewarming.bind(
                ref, client_id, source_url=source_url, quality=quality, encoder=encoder
            ):
                run = own.filter(state__in=OPEN).first()
            if run is None:
                run = TranscodeRun.objects.create(
                    ref=ref,
                    client_id=client_id,
                    source_url=source_url,
                    quality=Quality(quality),
                    encoder=encoder,
                    restarts=own.count(),
                )
                enqueue(run.pk)
            return run
    except IntegrityError:
        # Two hooks for one connection at the same moment: the other one won.
        return own.get(state__in=OPEN)


def request_stop(ref: str, *, client_id: str | None = None) -> int:
    """Asks the room's runs to end, or only those of one connection. Returns how many were asked.

    A queued run is finished at once, a running one within about a second. Idempotent.
    """
    rows = TranscodeRun.objects.filter(ref=ref, state__in=OPEN)
    if client_id is not None:
        rows = rows.filter(client_id=client_id)
    asked = 0
    with transaction.atomic():
        for pk in rows.values_list("pk", flat=True):
            queued = TranscodeRun.objects.filter(pk=pk, state=RunState.QUEUED)
            asked += _finish(queued, pk, Outcome(RunReason.REQUESTED)) is not None or _ask_to_stop(pk)
    return asked


def close(ref: str) -> None:
    """The class is over: stops whatever runs, then closes its playlists with ENDLIST. Idempotent."""
    request_stop(ref)
    enqueue_closing(ref)


def improve(run: TranscodeRun) -> bool:
    """Ends a run whose encoder has turned out to need none: its owner starts another that passes the picture through.

    Only once for a connection: False where it was tried, where it would change nothing, and where the run is over.
    """
    tried = TranscodeRun.objects.filter(ref=run.ref, client_id=run.client_id, copied=True).exists()
    if run.copied or not run.passes or tried:
        return False
    rows = TranscodeRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
    return bool(rows.update(state=RunState.STOPPING, reason=RunReason.IMPROVED))


def release(worker: str) -> int:
    """A worker is about to shut down in order: its runs end as lost, so that others take over. Returns how many."""
    rows = TranscodeRun.objects.filter(worker=worker, state=RunState.RUNNING)
    return rows.update(state=RunState.STOPPING, reason=RunReason.WORKER_LOST, note=refusals.LOST)


def reclaim(worker: str, *, started_at: datetime) -> int:
    """A worker of this name has just started: what its predecessor held died with it. Returns how many runs.

    Nobody has to wait for their leases then. Two workers of one name would end each other's runs; Celery warns of
    them.
    """
    return _end_lost(TranscodeRun.objects.filter(worker=worker, state__in=HELD, claimed_at__lt=started_at))


def claim(run_id: int, *, worker: str) -> tuple[TranscodeRun, Claim] | None:
    """Takes a queued run for a worker. None: it is no longer queued. RoomHeld: the run before it is not over yet."""
    now = clock.now()
    run = TranscodeRun.objects.filter(pk=run_id, state=RunState.QUEUED).first()
    if run is None:
        return None
    _end_lost(lease.over(TranscodeRun.objects.filter(ref=run.ref)))
    claim = Claim(run_id, uuid.uuid4().hex)
    try:
        with transaction.atomic():
            taken = TranscodeRun.objects.filter(pk=run_id, state=RunState.QUEUED).update(
                state=RunState.RUNNING,
                worker=worker[:120],
                token=claim.token,
                claimed_at=now,
                lease_until=lease.renewed(),
            )
    except IntegrityError as error:
        raise RoomHeld from error
    return (TranscodeRun.objects.get(pk=run_id), claim) if taken else None


def beat(claim: Claim) -> RunState | None:
    """Renews the lease. Returns the run's state, or None: the run is lost and its ffmpeg must die at once."""
    if not claim.rows().update(lease_until=lease.renewed()):
        return None
    state = claim.rows().values_list("state", flat=True).first()
    return RunState(state) if state else None


def note_source(claim: Claim, source: Source) -> bool:
    """Keeps what the source declares: the encoder's next run is made for the same."""
    return bool(
        claim.rows().update(
            width=source.width,
            height=source.height,
            source_fps=str(source.fps or ""),
            copies_audio=source.copy_audio,
        )
    )


def note_renditions(
    claim: Claim, renditions: list[dict[str, str | int | float]], *, note: str, copied: bool = False
) -> bool:
    """Keeps what was chosen for this source, and why it is not what was asked for."""
    return bool(claim.rows().update(renditions=renditions, note=note, copied=copied))


def mark_playable(claim: Claim) -> bool:
    """The first segment is there. True the first time: then run_playable is sent."""
    if not claim.rows().filter(playable_at=None).update(playable_at=clock.now()):
        return False
    signals.announce(signals.run_playable, TranscodeRun.objects.get(pk=claim.run_id))
    return True


def finish(claim: Claim, outcome: Outcome) -> TranscodeRun | None:
    """The worker is done and its ffmpeg gone. None when the run was lost to somebody else before."""
    with transaction.atomic():
        return _finish(claim.rows(), claim.run_id, outcome)


def hand_back(claim: Claim, outcome: Outcome) -> TranscodeRun | None:
    """Its host cannot carry it: queued again for whichever host can, with words, and refused after some attempts.

    Returns the run where it is over.
    """
    with transaction.atomic():
        run = claim.rows().select_for_update().first()
        if run is None or run.state == RunState.STOPPING or not run.client_id or run.requeues >= _MOST_REQUEUES:
            return _finish(claim.rows(), claim.run_id, outcome)
        claim.rows().update(
            state=RunState.QUEUED,
            token="",
            worker="",
            cores=0,
            note=outcome.note[:400],
            enqueued_at=clock.now(),
            requeues=run.requeues + 1,
        )
        enqueue(run.pk, countdown=_RETRY_SECONDS)
    return None


def reap(now: datetime, *, leases: bool = True) -> int:
    """Finishes runs whose worker is silent and sends queued ones again. Repeatable. Returns how many it touched."""
    touched = _end_lost(lease.over(TranscodeRun.objects.all())) if leases else 0
    stale = TranscodeRun.objects.filter(
        state=RunState.QUEUED, enqueued_at__lt=now - timedelta(seconds=REQUEUE_SECONDS)
    )
    for run in stale:
        same = TranscodeRun.objects.filter(pk=run.pk, state=RunState.QUEUED, enqueued_at=run.enqueued_at)
        with transaction.atomic():
            if run.requeues >= _MOST_REQUEUES:
                touched += _finish(same, run.pk, Outcome(RunReason.NO_CAPACITY, refusals.CROWDED)) is not None
            elif same.update(enqueued_at=now, requeues=run.requeues + 1):
                enqueue(run.pk)
                touched += 1
    return touched + prewarming.free_a_worker(now)


def current(ref: str) -> TranscodeRun | None:
    """The room's run that is not over: the one that writes, else the one that waits."""
    held = TranscodeRun.objects.filter(ref=ref, state__in=HELD).first()
    return held or TranscodeRun.objects.filter(ref=ref, state=RunState.QUEUED).order_by("pk").first()


def unattended(ref: str, *, client_id: str, since: datetime) -> bool:
    """Whether this connection has had no run since then: none is open, none has ended."""
    recent = Q(state__in=OPEN) | Q(finished_at__gte=since)
    return not TranscodeRun.objects.filter(recent, ref=ref, client_id=client_id).exists()


def mishaps(ref: str, *, most: int) -> list[TranscodeRun]:
    """The room's runs that ended otherwise than intended and have words about it, the newest first."""
    ended = TranscodeRun.objects.filter(ref=ref, state=RunState.FINISHED).exclude(client_id="").exclude(note="")
    return list(ended.filter(reason__in=MISHAPS).order_by("-finished_at")[:most])


def playable(ref: str) -> bool:
    """Whether a run feeds the room's playlist right now."""
    return TranscodeRun.objects.filter(ref=ref, state=RunState.RUNNING, playable_at__isnull=False).exists()


def _ask_to_stop(pk: int) -> int:
    return TranscodeRun.objects.filter(pk=pk, state=RunState.RUNNING).update(
        state=RunState.STOPPING, reason=RunReason.REQUESTED
    )


def _end_lost(lost: QuerySet[TranscodeRun]) -> int:
    """Ends what a silent worker held. The worker notices by its own clock, no later than we do."""
    finished = 0
    for run in lost:
        with transaction.atomic():
            same = lost.filter(pk=run.pk, token=run.token)
            finished += _finish(same, run.pk, Outcome(RunReason.WORKER_LOST, refusals.LOST)) is not None
    return finished


def _finish(guarded: QuerySet[TranscodeRun], pk: int, outcome: Outcome) -> TranscodeRun | None:
    """The only place where a run ends. Within a transaction. Keeps the reason of whoever asked for the end."""
    run = guarded.select_for_update().first()
    if run is None:
        return None
    note = outcome.note or run.note
    ended = guarded.update(
        state=RunState.FINISHED,
        reason=run.reason or outcome.reason,
        note=note[:400],
        detail=outcome.detail[-4000:],
        exit_code=outcome.exit_code,
        finished_at=clock.now(),
    )
    if not ended:
        return None
    run = TranscodeRun.objects.get(pk=pk)
    signals.announce(signals.run_finished, run)
    return run

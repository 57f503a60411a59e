"""Prewarmed runs: ffmpeg waits for the publisher, so that it misses no keyframe.

Such a run has no client id yet. It is bound to a connection while the ingest waits for our answer to on_publish.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from fitfriends.core import clock
from media_worker.domain.dispatch import enqueue
from media_worker.enums import OPEN, Quality, RunReason, RunState
from media_worker.models import TranscodeRun

# A publisher's run that found no free worker for this long takes the place of one that only waits.
_YIELD_AFTER = timedelta(seconds=2)
_BINDABLE = (RunState.QUEUED, RunState.RUNNING)


def expect(ref: str, *, source_url: str, quality: str, encoder: str, until: datetime) -> TranscodeRun | None:
    """Queues a run that waits for this room's publisher. None: the room has a run, or enough runs wait already."""
    if TranscodeRun.objects.filter(ref=ref, state__in=OPEN).exclude(state=RunState.STOPPING).exists():
        return None
    if _prewarmed().count() >= settings.MEDIA_WAITING_MOST:
        return None
    try:
        with transaction.atomic():
            run = TranscodeRun.objects.create(
                ref=ref,
                client_id="",
                source_url=source_url,
                quality=Quality(quality),
                encoder=encoder,
                wait_until=until,
            )
            enqueue(run.pk)
    except IntegrityError:
        return None  # somebody expects it already
    return run


def bind(ref: str, client_id: str, *, source_url: str, quality: str, encoder: str) -> bool:
    """Gives the room's prewarmed run to this connection. False: there is none, or it waits for another source."""
    rows = _prewarmed().filter(ref=ref)
    same = rows.filter(source_url=source_url, quality=quality, encoder=encoder, state__in=_BINDABLE)
    if same.update(client_id=client_id):
        return True
    _release(rows)
    return False


def free_a_worker(now: datetime) -> int:
    """Ends the oldest prewarmed run where a publisher's own run finds no worker. Returns how many ended."""
    starved = TranscodeRun.objects.filter(state=RunState.QUEUED, enqueued_at__lt=now - _YIELD_AFTER)
    if not starved.exclude(client_id="").exists():
        return 0
    oldest = _prewarmed().filter(state=RunState.RUNNING).order_by("pk").values_list("pk", flat=True)[:1]
    return _release(TranscodeRun.objects.filter(pk__in=list(oldest), client_id=""))


def _prewarmed() -> QuerySet[TranscodeRun]:
    return TranscodeRun.objects.filter(client_id="", state__in=OPEN)


def _release(rows: QuerySet[TranscodeRun]) -> int:
    queued = rows.filter(state=RunState.QUEUED)
    gone = queued.update(state=RunState.FINISHED, reason=RunReason.UNUSED, finished_at=clock.now())
    return gone + rows.filter(state=RunState.RUNNING).update(state=RunState.STOPPING, reason=RunReason.UNUSED)

"""What a host can carry: a starved ffmpeg never catches up, so one class too many harms all of them."""

import logging
import os

from django.conf import settings
from django.db import DatabaseError, transaction

from media_worker.domain.claim import Claim
from media_worker.enums import HELD
from media_worker.models import TranscodeRun
from media_worker.process import refusals

_log = logging.getLogger(__name__)


def budget() -> float:
    """The cores of this host that streams may use."""
    return float(settings.MEDIA_CPU_BUDGET or os.cpu_count() or 1)


def admit(claim: Claim, cores: float) -> str:
    """Reserves the cores on the host of the worker that holds the run. Else: in words why not.

    A host without another class takes any. While the database is away nobody is turned away.
    """
    try:
        with transaction.atomic():
            return _admit(claim, cores)
    except DatabaseError:
        _log.warning("run %s is admitted unasked", claim.run_id, exc_info=True)
        return ""


def _admit(claim: Claim, cores: float) -> str:
    own = claim.rows().values_list("worker", flat=True).first()
    if own is None:
        return ""  # lost; whoever beats will notice
    host = "@" + own.rpartition("@")[2]
    # Locked in one order: two classes that come at the same moment are counted one after the other.
    held = TranscodeRun.objects.select_for_update().filter(state__in=HELD, worker__endswith=host).order_by("pk")
    taken = sum(run.cores for run in held if run.pk != claim.run_id)
    if taken and taken + cores > budget():
        return refusals.crowded(taken=taken, budget=budget(), cores=cores)
    claim.rows().update(cores=cores)
    return ""

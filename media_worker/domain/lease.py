"""How long a worker that says nothing keeps its run: by the database's clock, the one that all hosts share.

A host whose clock is wrong would otherwise lose every run it takes, or hold them for hours after its death.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from media_worker.enums import HELD
from media_worker.models import TranscodeRun


def renewed() -> CombinedExpression:
    """The value of `lease_until` for a worker that is alive now."""
    return Now() + timedelta(seconds=settings.RUN_LEASE_SECONDS)


def over(rows: QuerySet[TranscodeRun]) -> QuerySet[TranscodeRun]:
    """Those whose worker was silent for too long."""
    return rows.filter(state__in=HELD, lease_until__lt=Now())

"""The lease of a run: how long a silent worker keeps it, by the database's clock, which all hosts share.

By its own clock, a host whose time is wrong would lose every run it takes, or hold runs for hours after its death.
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
    """The runs whose lease is over: their worker was silent for too long."""
    return rows.filter(state__in=HELD, lease_until__lt=Now())
